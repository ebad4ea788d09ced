"""A WooCommerce shop, over its REST API (v3) and its webhooks."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from orders.adapters.connectors.woo_amounts import exact
from orders.adapters.connectors.woo_http import Answer, WooHttp
from orders.adapters.connectors.woo_people import Row, Shop
from orders.adapters.connectors.woo_records import (
    NOT_ORDERS,
    customer_change,
    order_change,
    product_change,
)
from orders.connectors.errors import ConnectorRefused, NotUnderstood, SignatureWrong
from orders.connectors.model import RecordKind
from orders.connectors.port import Abilities, Change, ChangePage, Delivery, Draft, PreparedOrder
from orders.errors import OrdersError

PER_PAGE = 50
CHANGED = frozenset(("created", "updated", "restored"))
"""Events of webhooks that bring a record. What was deleted stays here as it was: its past is a customer's past."""

T = TypeVar("T")


class WooCommerceShop:
    """`orders.connectors.port.ShopConnector` on WooCommerce.

    `webhook_secret` is shared with the shop's webhooks. The currency is asked of the shop, once.
    """

    abilities = Abilities(prepares_orders=True, applies_coupons=True)

    def __init__(self, shop: Shop, http: WooHttp, webhook_secret: str = "") -> None:
        self._shop = shop
        self._http = http
        self._webhook_secret = webhook_secret
        self._known_currency = ""

    def changed(self, kind: RecordKind, since: datetime | None, page: str | None) -> ChangePage:
        number = int(page or "1")
        params = {"page": str(number), "per_page": str(PER_PAGE), "orderby": "id", "order": "asc"}
        if kind == "customers":
            # Customers can be read whole only; those that did not change are known to be no news.
            params["role"] = "all"
        elif since is not None:
            params |= {"modified_after": since.strftime("%Y-%m-%dT%H:%M:%S"), "dates_are_gmt": "true"}
        answer = self._http.get(kind, params)
        changes, refused = _translated(_rows(answer.body), self._translators(kind))
        pages = int(answer.headers.get("x-wp-totalpages") or 1)
        following = str(number + 1) if number < pages else None
        return ChangePage(changes, following, _total(answer), refused)

    @staticmethod
    def is_trial(headers: Mapping[str, str], body: bytes) -> bool:
        """Whether it is what the shop sends, without a signature, when a webhook is saved: `webhook_id=7`."""
        name, _, number = body.partition(b"=")
        is_signed = any(header.lower() == "x-wc-webhook-topic" for header in headers)
        return name == b"webhook_id" and number.isdigit() and not is_signed

    def delivery(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        named = {name.lower(): value for name, value in headers.items()}
        self._check_signature(named.get("x-wc-webhook-signature", ""), body)
        resource = named.get("x-wc-webhook-resource", "")
        event = named.get("x-wc-webhook-event", "")
        delivery_id = named.get("x-wc-webhook-delivery-id") or hashlib.sha256(body).hexdigest()
        kinds: dict[str, RecordKind] = {"customer": "customers", "product": "products", "order": "orders"}
        if resource not in kinds or event not in CHANGED:
            return Delivery(delivery_id[:64], ())
        changes, refused = _translated([_loaded(body)], self._translators(kinds[resource]))
        if refused:
            raise NotUnderstood(refused[0])
        return Delivery(delivery_id[:64], changes)

    def prepare_order(self, draft: Draft) -> PreparedOrder:
        body: dict[str, Any] = {
            "status": "pending",
            "created_via": "comptoir",
            "line_items": [
                {"product_id": self._remote(product_id, "p"), "quantity": quantity}
                for product_id, quantity in draft.lines
            ],
        }
        if draft.customer_id is not None and f"{self._shop.site}:c" in draft.customer_id:
            body["customer_id"] = self._remote(draft.customer_id, "c")
        if draft.coupon is not None:
            body["coupon_lines"] = [{"code": draft.coupon}]
        return self._prepared(self._http.post("orders", body))

    def _translators(self, kind: RecordKind) -> Callable[[Row], Iterable[Change]]:
        """What makes changes of a row: none of what is no order yet, several of a product with variations."""
        if kind == "customers":
            return lambda row: (customer_change(self._shop, row),)
        if kind == "products":
            return self._product_changes
        return lambda row: () if row.get("status") in NOT_ORDERS else (order_change(self._shop, row),)

    def _product_changes(self, row: Row) -> Iterable[Change]:
        currency = self._currency()
        if _is_single(row):
            return (product_change(self._shop, row, currency),)
        return tuple(
            product_change(self._shop, {**variation, "name": _name_of(row, variation)}, currency)
            for variation in self._variations(int(row["id"]))
        )

    def _variations(self, product: int) -> Iterable[Row]:
        number = 1
        while True:
            params = {"page": str(number), "per_page": str(PER_PAGE)}
            answer = self._http.get(f"products/{product}/variations", params)
            yield from _rows(answer.body)
            if number >= int(answer.headers.get("x-wp-totalpages") or 1):
                return
            number += 1

    def _currency(self) -> str:
        if not self._known_currency:
            answer = self._http.get("data/currencies/current", {})
            self._known_currency = str(answer.body.get("code") or "")
        if not self._known_currency:
            raise NotUnderstood("the shop does not say its currency")
        return self._known_currency

    def _prepared(self, answer: Answer) -> PreparedOrder:
        row: Row = answer.body
        return PreparedOrder(
            id=self._shop.order_id(int(row["id"])),
            number=str(row.get("number") or row["id"]),
            pay_link=str(row.get("payment_url") or ""),
            total=exact(row["total"], str(row["currency"])),
        )

    def _remote(self, local_id: str, kind: str) -> int:
        """The shop's own id of a record."""
        start = f"{self._shop.site}:{kind}"
        if not local_id.startswith(start) or not local_id.removeprefix(start).isdigit():
            raise ConnectorRefused("this is no record of the shop")
        return int(local_id.removeprefix(start))

    def _check_signature(self, given: str, body: bytes) -> None:
        expected = signature_of(self._webhook_secret, body)
        if not self._webhook_secret or not hmac.compare_digest(expected.encode(), given.encode()):
            raise SignatureWrong("the delivery is not signed with the shared secret")


def signature_of(secret: str, body: bytes) -> str:
    """What WooCommerce writes into X-WC-Webhook-Signature: base64 of the body's HMAC-SHA-256."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _rows(body: Any) -> list[Row]:
    if not isinstance(body, list) or not all(isinstance(row, dict) for row in body):
        raise NotUnderstood("the shop did not answer with a list of records")
    return body


def _loaded(body: bytes) -> Row:
    try:
        row = json.loads(body)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise NotUnderstood("a delivery is no record")
    return row


def _translated(
    rows: Iterable[Row], translate: Callable[[Row], Iterable[Change]]
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes, and which records are not as documented: one of those keeps no other from being read."""
    changes: list[Change] = []
    refused: list[str] = []
    for row in rows:
        problem = _problem_of(partial(_extend, changes, row, translate))
        if problem is not None:
            refused.append(f"{row.get('id')}: {problem}")
    return tuple(changes), tuple(refused)


def _extend(changes: list[Change], row: Row, translate: Callable[[Row], Iterable[Change]]) -> None:
    changes.extend(tuple(translate(row)))


def _problem_of(work: Callable[[], None]) -> str | None:
    try:
        work()
    except NotUnderstood as error:
        return str(error)
    except OrdersError as error:
        if error.id.startswith("connector."):
            raise
        return str(error)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return f"it is not as documented ({type(error).__name__})"
    return None


def _is_single(row: Row) -> bool:
    """Whether the product itself is sold, and not its variations."""
    return row.get("type") != "variable"


def _name_of(product: Row, variation: Row) -> str:
    """The product's name and what is special about the variation: Shirt, L, blue."""
    options = [str(one.get("option") or "") for one in variation.get("attributes") or ()]
    return ", ".join(part for part in (str(product.get("name") or ""), *options) if part)


def _total(answer: Answer) -> int | None:
    written = answer.headers.get("x-wp-total", "")
    return int(written) if written.isdigit() else None
