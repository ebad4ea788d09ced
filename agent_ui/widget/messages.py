"""What the widget and its server say to each other, besides the errors."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, TypeAdapter

from agent_ui.ice import IceServer
from agent_ui.readable import readable
from pbx.contract.base import Language, Moment, Schema

Shown = AfterValidator(readable)
Text = Annotated[str, Field(max_length=200), Shown]
Amount = Annotated[int, Field(ge=0, le=1_000_000_000_00)]

# Over HTTP.


class OpenSession(Schema):
    """POST session. A token of an earlier page in the Authorization header goes on as the same visitor."""

    site: Annotated[str, Field(min_length=1, max_length=64)]
    language: Annotated[str, Field(max_length=35)] = ""
    customer: Annotated[str, Field(max_length=64)] | None = None
    proof: Annotated[str, Field(max_length=128)] = ""


class SessionOpened(Schema):
    """`vouched`: the customer was believed. `texts` are the widget's words in `language`."""

    token: str
    visitor: str
    language: Language
    site: str
    vouched: bool
    texts: dict[str, str]
    phone: str | None
    """The number that the widget calls, when people can dial it too."""


class QueueNow(Schema):
    """GET status. `wait_minutes` is None when it cannot be told, `place` unless the visitor's own call waits."""

    state: Literal["free", "busy", "closed", "unknown"]
    waiting: int = 0
    wait_minutes: int | None = None
    place: int | None = None


class StartCall(Schema):
    """POST call. `back`: a call of this visitor is under way, and this page takes it back or goes on with it."""

    back: bool = False


class CallTicket(Schema):
    """What the page needs to call `number`. `expires_in` is in seconds."""

    ws_url: str
    domain: str
    user: str
    token: str = Field(repr=False)
    expires_in: float
    ice_servers: tuple[IceServer, ...]
    number: str


class AskCallback(Schema):
    """POST callback."""

    number: Annotated[str, Field(min_length=1, max_length=40)]


class CallbackNow(Schema):
    """A callback that was asked for; `number` as it will be dialed."""

    number: str
    state: Literal["waiting", "offered", "dialing"]
    place: int | None = None
    wait_minutes: int | None = None


class CodeShown(Schema):
    """POST code."""

    code: str
    expires_at: Moment


class Leaving(Schema):
    """POST moving, as a beacon: the page is about to go, and the next one will take the call back."""

    token: Annotated[str, Field(max_length=1024)]


# Over the live connection, from the page.


class Hello(Schema):
    """The first message."""

    type: Literal["hello"]
    token: Annotated[str, Field(max_length=1024)]


class PageFacts(Schema):
    """Where the customer is; sent by the page that is in front."""

    type: Literal["page"]
    url: Annotated[str, Field(max_length=2_000)]
    title: Annotated[str, Field(max_length=300), Shown] = ""
    step: Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_-]*$")] | None = None


class PublishedLine(Schema):
    """A line of a published cart; the price is in the currency's minor unit."""

    name: Text
    sku: Annotated[str, Field(max_length=64), Shown] = ""
    quantity: Annotated[int, Field(ge=1, le=100_000)]
    unit_price: Amount


class PublishedCart(Schema):
    """What is in the cart. `id` and `proof` name the cart of the built-in shop (HMAC of `cart:ID`); the lines and
    the currency (XXX is none) are not needed then."""

    type: Literal["cart"]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "XXX"
    lines: Annotated[tuple[PublishedLine, ...], Field(max_length=100)] = ()
    id: Annotated[str, Field(max_length=64)] | None = None
    proof: Annotated[str, Field(max_length=128)] = ""


FromPage = Annotated[PageFacts | PublishedCart, Field(discriminator="type")]
HELLO = TypeAdapter(Hello)
FROM_PAGE: TypeAdapter[PageFacts | PublishedCart] = TypeAdapter(FromPage)
