"""From a connector's record to the shop behind it."""

from collections.abc import Mapping

from config.secret_sources import secret_from
from orders.adapters.connectors.woo_http import Keys, WooHttp
from orders.adapters.connectors.woo_people import Shop
from orders.adapters.connectors.woocommerce import WooCommerceShop
from orders.adapters.numbers import PhoneNumberParser
from orders.connectors.model import Connector, ConnectorKind
from orders.connectors.port import Abilities, ShopConnector

_KINDS: Mapping[ConnectorKind, type[WooCommerceShop]] = {"woocommerce": WooCommerceShop}

SECRETS = ("key", "secret", "webhook")
"""What a WooCommerce shop's secrets are called; the last one is needed for webhooks only."""


def abilities_of(connector: Connector) -> Abilities:
    """What the shop can do; nothing is asked of it."""
    return _KINDS[connector.kind].abilities


def is_trial(kind: ConnectorKind, headers: Mapping[str, str], body: bytes) -> bool:
    """Whether it is what shops of this kind send, without a signature, to see whether anybody listens."""
    return _KINDS[kind].is_trial(headers, body)


def open_connector(connector: Connector) -> ShopConnector:
    """The shop, with its secrets read from where they are kept; nothing is asked of it yet.

    Raises:
        SettingsError: a secret is not where the connector says.
        ConnectorRefused: the shop's address is not https.
    """
    secrets = {name: secret_from(source) for name, source in connector.secrets.items()}
    shop = Shop(connector.site, connector.language, connector.region, PhoneNumberParser())
    http = WooHttp(connector.url, Keys(secrets.get("key", ""), secrets.get("secret", "")))
    return WooCommerceShop(shop, http, secrets.get("webhook", ""))
