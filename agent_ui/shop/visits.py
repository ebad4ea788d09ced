"""Who is asking, and with which cart: what the signed cookie says, checked against the database."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import abort, g, session

from agent_ui.shop.logins import Login, is_valid
from agent_ui.shop.placing import guest_id
from agent_ui.shop.wiring import services
from orders.errors import CartClosed, CartNotFound, CustomerNotFound
from orders.model.actor import Actor
from orders.model.cart import Cart
from orders.model.customer import Customer
from orders.ports import UnitOfWork
from orders.services.carts import claim_cart, start_cart

CURRENCY = "EUR"

_LOGIN, _CART, _ORDERS, _SEEN = "login", "cart", "orders", "seen"
_ORDERS_KEPT = 20


@dataclass(frozen=True, slots=True)
class Visit:
    """A request's customer, if they are signed in, and their open cart, if there is one."""

    customer: Customer | None
    cart: Cart | None

    @property
    def actor(self) -> Actor:
        """Whom changes to the cart are attributed to."""
        known = self.customer.id if self.customer else None
        return Actor("customer", known or (self.cart.id if self.cart else "visitor"))


def visit() -> Visit:
    """The visit of this request, read once."""
    if "visit" not in g:
        login = _valid_login()
        g.visit = services().store.run(_read, login[0] if login else None, session.get(_CART))
    found: Visit = g.visit
    return found


def customer() -> Customer:
    """The signed-in customer of a page that `signed_in_only` lets pass."""
    found = visit().customer
    if found is None:
        abort(401)
    return found


def refresh() -> None:
    """What was read is no longer so."""
    g.pop("visit", None)


def cart_to_fill() -> Cart:
    """The open cart, a new one if there is none."""
    found = visit()
    if found.cart is not None:
        return found.cart
    owner = found.customer.id if found.customer else None
    cart = services().store.run(start_cart, owner, CURRENCY, datetime.now(UTC))
    session[_CART] = cart.id
    session.permanent = True
    refresh()
    return cart


def begin(login: Login) -> None:
    """Sign the browser in; what a visitor put into a cart becomes the customer's own."""
    waiting, placed = visit().cart, session.get(_ORDERS)
    language = session.get("language")
    # A new signed cookie, with a new CSRF secret: whatever was planted before is worth nothing.
    session.clear()
    session.update({_LOGIN: list(login), _ORDERS: placed or [], "language": language})
    session.permanent = True
    if waiting is not None and waiting.lines and waiting.customer_id is None:
        _claim(waiting, login[0])
    refresh()


def end() -> None:
    """Sign the browser out."""
    language = session.get("language")
    session.clear()
    session["language"] = language
    refresh()


def let_see(order_id: str) -> None:
    """This browser may see the order from now on."""
    known = [one for one in session.get(_ORDERS, []) if one != order_id]
    session[_ORDERS] = [*known, order_id][-_ORDERS_KEPT:]


def note_order(order_id: str) -> None:
    """This browser placed an order from its cart."""
    let_see(order_id)
    session.pop(_CART, None)
    session.pop(_SEEN, None)
    refresh()


def may_see_order(order_id: str, owner_id: str) -> bool:
    """Whether the order is the signed-in customer's, or was placed in this browser."""
    signed_in = visit().customer
    return (signed_in is not None and signed_in.id == owner_id) or order_id in session.get(_ORDERS, [])


def holds_cart(cart_id: str) -> bool:
    """Whether the cart is, or was until it became an order, this visit's."""
    found, customer = visit().cart, visit().customer
    if found is not None and found.id == cart_id:
        return True
    owner = customer.id if customer else None
    return session.get(_CART) == cart_id and services().store.run(_belongs, cart_id, owner)


def seen_changes(cart_id: str) -> int:
    """How many of the cart's audited changes the customer has seen."""
    known = session.get(_SEEN)
    return int(known[1]) if known and known[0] == cart_id else 0


def note_seen(cart_id: str, count: int) -> None:
    """The customer has seen so many of the cart's changes."""
    if session.get(_SEEN) != [cart_id, count]:
        session[_SEEN] = [cart_id, count]


def _valid_login() -> Login | None:
    kept = session.get(_LOGIN)
    if not kept:
        return None
    login = (str(kept[0]), str(kept[1]))
    return login if services().storage.run(is_valid, login) else None


def _read(uow: UnitOfWork, customer_id: str | None, cart_id: str | None) -> Visit:
    with uow:
        known = uow.customers.get(customer_id) if customer_id else None
        if known is not None:
            return Visit(known, uow.carts.open_of(known.id))
        cart = uow.carts.get(cart_id) if cart_id else None
    return Visit(None, cart if cart and cart.state == "open" and _is_unclaimed(cart) else None)


def _belongs(uow: UnitOfWork, cart_id: str, customer_id: str | None) -> bool:
    """Whether the cart is this customer's, or nobody's who signs in."""
    with uow:
        cart = uow.carts.get(cart_id)
    return cart is not None and (_is_unclaimed(cart) or cart.customer_id == customer_id)


def _is_unclaimed(cart: Cart) -> bool:
    """Whether no customer has signed in with the cart: a cookie from before that is no key to what they do then."""
    return cart.customer_id in (None, guest_id(cart.id))


def _claim(cart: Cart, customer_id: str) -> None:
    actor = Actor("customer", customer_id)
    try:
        services().store.run(claim_cart, cart.id, customer_id, actor, datetime.now(UTC))
    except (CartNotFound, CartClosed, CustomerNotFound):
        return
