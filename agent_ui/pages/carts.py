"""The customer's cart on the desk: read, changed, joined by a code; and the products to add."""

from flask import Blueprint, abort, request

from agent_ui.auth import agent_id, call_for, takes_calls, visit
from agent_ui.carts.editing import Edit
from agent_ui.carts.limits import discount_limit_of
from agent_ui.messages import AddLine, GiveDiscount, PrepareInShop, SayCode, SetQuantity
from agent_ui.pages.parsing import answer, body_as
from agent_ui.realtime.audience import may_act_on, may_see
from agent_ui.wiring import services
from orders.model.actor import Actor
from orders.services import carts
from pbx.contract.resources import ContactView

blueprint = Blueprint("carts", __name__, url_prefix="/api")

CART = "/contacts/<contact>/carts/<cart>"
LINE = f"{CART}/lines/<path:product>"
LONGEST_SEARCH = 100

Answer = dict[str, object]


@blueprint.get("/contacts/<contact>/cart")
@call_for(takes_calls)
def live(contact: str) -> Answer:
    """The customer's page and cart, as they are now."""
    view = services().feed.live.contacts.get(contact)
    if view is None or not may_see(services().feed.live, agent_id(), contact):
        abort(404)
    return services().carts.read(view).model_dump(mode="json")


@blueprint.post("/contacts/<contact>/carts")
@call_for(takes_calls)
def start(contact: str) -> Answer:
    """Start a cart for a customer who has none."""
    return services().cart_editing.start(_own(contact)).model_dump(mode="json")


@blueprint.post(f"{CART}/lines")
@call_for(takes_calls)
def add(contact: str, cart: str) -> Answer:
    """Put items of a product in."""
    wanted = body_as(AddLine)
    return _edited(
        contact,
        cart,
        lambda uow, id_, actor, now: carts.add_to_cart(uow, id_, wanted.product, wanted.quantity, actor, now),
    )


@blueprint.put(LINE)
@call_for(takes_calls)
def change(contact: str, cart: str, product: str) -> Answer:
    """Set how many items of a product are in it."""
    wanted = body_as(SetQuantity)
    return _edited(
        contact,
        cart,
        lambda uow, id_, actor, now: carts.change_quantity(uow, id_, product, wanted.quantity, actor, now),
    )


@blueprint.delete(LINE)
@call_for(takes_calls)
def remove(contact: str, cart: str, product: str) -> Answer:
    """Take a product out."""
    return _edited(
        contact,
        cart,
        lambda uow, id_, actor, now: carts.remove_from_cart(uow, id_, product, actor, now),
    )


@blueprint.post(f"{CART}/restored/<path:product>")
@call_for(takes_calls)
def restore(contact: str, cart: str, product: str) -> Answer:
    """Put back what was taken out last."""
    return _edited(
        contact, cart, lambda uow, id_, actor, now: carts.restore_line(uow, id_, product, actor, now)
    )


@blueprint.put(f"{CART}/discount")
@call_for(takes_calls)
def discount(contact: str, cart: str) -> Answer:
    """Give a discount instead of any other."""
    wanted = body_as(GiveDiscount)
    return _edited(
        contact,
        cart,
        lambda uow, id_, actor, now: carts.give_discount(
            uow, id_, wanted.basis_points, wanted.reason, actor, now
        ),
    )


@blueprint.put(f"{CART}/prepared")
@call_for(takes_calls)
def prepare(contact: str, cart: str) -> Answer:
    """Mark the cart as ready for its customer to confirm."""
    return _edited(contact, cart, carts.prepare_order)


@blueprint.delete(f"{CART}/prepared")
@call_for(takes_calls)
def withdraw(contact: str, cart: str) -> Answer:
    """Take the mark away."""
    return _edited(contact, cart, carts.withdraw_order)


@blueprint.post("/contacts/<contact>/order")
@call_for(takes_calls)
def prepare_in_shop(contact: str) -> Answer:
    """Prepare the page's cart as an order in its connected shop."""
    wanted = body_as(PrepareInShop)
    made = services().connected_shops.prepare(_own(contact), wanted.coupon, _actor())
    return made.model_dump(mode="json")


@blueprint.post("/contacts/<contact>/code")
@call_for(takes_calls)
def code(contact: str) -> Answer:
    """Join the contact to the page whose code the customer reads out."""
    view = _own(contact)
    services().code_joining.join(agent_id(), view.id, body_as(SayCode).code)
    joined = services().feed.live.contacts.get(view.id, view)
    return services().desk.file(joined).model_dump(mode="json")


@blueprint.get("/products")
@call_for(takes_calls)
def products() -> list[Answer]:
    """Products with every word of `q`."""
    wanted = request.args.get("q", "")[:LONGEST_SEARCH]
    return answer(*services().shop_workers.run(services().cart_files.search, wanted))


def _edited(contact: str, cart: str, edit: Edit) -> Answer:
    made = services().cart_editing.edit(_own(contact), cart, edit, _actor())
    return made.model_dump(mode="json")


def _own(contact: str) -> ContactView:
    live = services().feed.live
    if contact not in live.contacts or not may_act_on(live, agent_id(), contact):
        abort(404)
    return live.contacts[contact]


def _actor() -> Actor:
    limit = discount_limit_of(visit().login, services().settings.web)
    return Actor("agent", agent_id(), limit)
