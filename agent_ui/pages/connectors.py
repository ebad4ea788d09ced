"""Where connected shops deliver their webhooks. No session and no CSRF token: the signature says who it is."""

from typing import cast

from flask import Blueprint, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from agent_ui.wiring import services
from orders.connectors.errors import ConnectorNotFound, NotUnderstood, SignatureWrong
from orders.connectors.model import ConnectorKind

blueprint = Blueprint("connectors", __name__, url_prefix="/connectors")

LARGEST_DELIVERY = 1024 * 1024


@blueprint.post("/<site>/<any(woocommerce):kind>")
def deliver(site: str, kind: str) -> Response:
    """Take a delivery. Who is not the shop learns nothing: not even whether there is one."""
    address = request.remote_addr or ""
    if wait := services().delivery_guard.wait_for(address):
        return Response(status=429, headers={"Retry-After": str(wait)})
    if services().connector_inbox.is_full:
        return Response(status=503, headers={"Retry-After": "60"})
    try:
        headers = dict(request.headers)
        services().connector_inbox.receive(site, cast(ConnectorKind, kind), headers, _body())
    except RequestEntityTooLarge:
        return Response(status=413)
    except (ConnectorNotFound, SignatureWrong):
        services().delivery_guard.refused(address)
        return Response(status=401)
    except NotUnderstood:
        return Response(status=400)
    return Response(status=200)


def _body() -> bytes:
    """The raw body, which is what is signed."""
    request.max_content_length = LARGEST_DELIVERY
    return request.get_data(cache=False)
