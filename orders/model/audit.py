"""One line of the shop's audit trail: who changed what, and when."""

from dataclasses import dataclass
from datetime import datetime

from orders.model.actor import ActorKind

Detail = tuple[str, str | int]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A change that was made; entries are only ever added.

    `action` is a stable id such as `cart.line_added`; `details` are name and value pairs.
    """

    id: str
    at: datetime
    actor_kind: ActorKind
    actor_id: str
    action: str
    subject_kind: str
    subject_id: str
    details: tuple[Detail, ...] = ()
