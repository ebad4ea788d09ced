"""Why an agent's wish about a cart was not carried out; each has a stable id, and its words in the catalogues."""

from typing import ClassVar


class CartError(Exception):
    """Root of these; `status` is the HTTP status, `params` are the values of the words."""

    id: ClassVar[str] = "cart.error"
    status: ClassVar[int] = 409

    def __init__(self, detail: str, **params: str) -> None:
        super().__init__(detail)
        self.params = params


class AnotherCart(CartError):
    """The contact's cart is another one by now."""

    id = "cart.another"


class NobodyToStartFor(CartError):
    """A cart is started for a customer of the shop, and this one is not known."""

    id = "cart.nobody"


class NothingToPrepare(CartError):
    """The page has no cart, or its shop is not connected or cannot prepare orders."""

    id = "cart.not_preparable"


class ItemsUnknown(CartError):
    """Lines of the page's cart are not among the shop's products."""

    id = "cart.items_unknown"


class PayLinkForeign(CartError):
    """The shop gave an address that is not its own: no customer is sent there."""

    id = "cart.pay_link_foreign"
    status = 502


class TooManyCodes(CartError):
    """Codes are being guessed, or typed wrong too often."""

    id = "code.too_many"
    status = 429
