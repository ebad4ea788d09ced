"""What the control API can be asked to do. The acting agent is named by the `Comptoir-Actor` header."""

from typing import Annotated, Literal

from pydantic import Field

from pbx.contract.base import Id, Language, Schema
from pbx.contract.resources import AgentStatus

Target = Annotated[str, Field(pattern=r"^(agent:|queue:|number:)[A-Za-z0-9+*#_.\-]{1,64}$")]
"""Where a call may be sent: `agent:ID`, `queue:ID` or `number:DIGITS` (an extension or an outside number)."""

Digits = Annotated[str, Field(pattern=r"^[0-9A-D*#]{1,32}$")]


Device = Literal["page", "phone"]
"""Where an agent speaks: in the desk's page, or on a phone beside it."""

E164 = Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]


class SetStatus(Schema):
    """PUT /v1/agents/{agent}/status"""

    status: AgentStatus
    pause_reason: Id | None = None


class AcceptOffer(Schema):
    """POST /v1/offers/{offer}/accept. `phone`: the phones are rung again and asked to pick up by themselves;
    `page`: the page answers the call that rings in it, and nothing is rung again."""

    device: Device = "phone"


class DeclineOffer(Schema):
    """POST /v1/offers/{offer}/decline"""

    reason: str = Field("", max_length=200)


class SendDigits(Schema):
    """POST /v1/contacts/{contact}/digits: keys to the customer's side, as RFC 4733."""

    digits: Digits


class Transfer(Schema):
    """POST /v1/contacts/{contact}/transfer: blind at once, or consult first (then complete or cancel)."""

    kind: Literal["blind", "consult"]
    target: Target


class Conference(Schema):
    """POST /v1/contacts/{contact}/conference: without a target, the consulted party joins the customer."""

    target: Target | None = None


class WrapUp(Schema):
    """PUT /v1/contacts/{contact}/wrap-up. `finish` makes the agent idle; `extend_seconds` asks for more time."""

    disposition: Id | None = None
    note: str | None = Field(None, max_length=4000)
    finish: bool = False
    extend_seconds: int = Field(0, ge=0, le=600)


class HangUp(Schema):
    """POST /v1/contacts/{contact}/hang-up. With a participant, only that one leaves."""

    participant: Id | None = None


class Dial(Schema):
    """POST /v1/agents/{agent}/dial: call a number or colleague from the agent's phone. With a `device`, only the
    page or only the phones beside it ring for the agent, as far as any are registered."""

    target: Target
    customer_id: Id | None = None
    device: Device | None = None


class JoinVisitor(Schema):
    """POST /v1/contacts/{contact}/visitor: whose page it is that goes with a contact. The customer whom the page
    knows becomes the contact's, if it had none."""

    visitor: Id
    site: Id
    customer_id: Id | None = None


class RequestCallback(Schema):
    """POST /v1/callbacks: somebody wants to be called, at the place of one who would join the queue now. The page
    of `visitor`, where it was asked for, goes with the call."""

    queue: Id
    number: E164
    language: Language
    customer_id: Id | None = None
    visitor: Id | None = None
    site: Id | None = None
