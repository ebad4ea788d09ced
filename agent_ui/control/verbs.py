"""What can be done with a live contact: all of it is in the table below."""

from collections.abc import Mapping
from typing import Literal, get_args

from pbx.contract.base import Schema
from pbx.contract.commands import Conference, HangUp, SendDigits, Transfer, WrapUp

ContactVerb = Literal[
    "hold",
    "resume",
    "mute",
    "unmute",
    "digits",
    "transfer",
    "transfer/complete",
    "transfer/cancel",
    "conference",
    "hang-up",
    "wrap-up",
    "recording/pause",
    "recording/resume",
    "away",
]
"""The last part of /v1/contacts/{contact}/..."""

CONTACT_VERBS: tuple[ContactVerb, ...] = get_args(ContactVerb)

BODIES: Mapping[ContactVerb, type[Schema]] = {
    "digits": SendDigits,
    "transfer": Transfer,
    "conference": Conference,
    "hang-up": HangUp,
    "wrap-up": WrapUp,
}
"""What the verbs that take a body take."""


def method_of(verb: ContactVerb) -> Literal["POST", "PUT"]:
    """The HTTP method of a verb: wrapping up may be repeated, everything else happens once."""
    return "PUT" if verb == "wrap-up" else "POST"
