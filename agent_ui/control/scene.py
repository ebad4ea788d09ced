"""Views for the in-memory telephone system, with what a test does not care about filled in."""

from collections.abc import Sequence
from datetime import UTC, datetime

from pbx.contract.resources import (
    AgentView,
    Choice,
    ContactView,
    ParticipantView,
    PressedKey,
    QueueView,
    Snapshot,
)

PAUSE_REASONS = (
    Choice(id="lunch", labels={"en": "Lunch", "fr": "Déjeuner", "pt": "Almoço"}),
    Choice(id="break", labels={"en": "Short break", "fr": "Courte pause", "pt": "Pausa curta"}),
    Choice(id="training", labels={"en": "Training", "fr": "Formation", "pt": "Formação"}),
)
DISPOSITIONS = (
    Choice(id="sold", labels={"en": "Order placed", "fr": "Commande passée", "pt": "Encomenda feita"}),
    Choice(id="informed", labels={"en": "Informed", "fr": "Renseigné", "pt": "Informado"}),
    Choice(id="follow_up", labels={"en": "Follow up", "fr": "À rappeler", "pt": "Voltar a ligar"}),
)


def agent(id_: str, name: str | None = None, queues: Sequence[str] = ("sales",)) -> AgentView:
    """An agent who is available and has a registered phone."""
    now = datetime.now(UTC)
    return AgentView(
        id=id_,
        name=name or id_.title(),
        status="available",
        status_since=now,
        state="idle",
        state_since=now,
        queues=tuple(queues),
        phone=id_,
        phone_registered=True,
    )


def queue(id_: str, name: str | None = None) -> QueueView:
    """A queue nobody waits in."""
    return QueueView(id=id_, name=name or id_.title(), strategy="longest_idle")


def contact(
    id_: str,
    caller: str | None = "+33612345678",
    customer_id: str | None = None,
    keys: Sequence[tuple[str, str]] = (("main_menu", "3"),),
) -> ContactView:
    """A caller who went through the IVR and is waiting."""
    now = datetime.now(UTC)
    return ContactView(
        id=id_,
        state="queued",
        caller=caller,
        called="+33140000000",
        language="en",
        customer_id=customer_id,
        flow="shop",
        path=tuple(PressedKey(node=node, keys=pressed) for node, pressed in keys),
        queue="sales",
        started_at=now,
        queued_at=now,
        participants=(customer_leg(id_, caller),),
    )


def customer_leg(contact_id: str, label: str | None) -> ParticipantView:
    """The customer's side of a contact."""
    return ParticipantView(
        id=f"{contact_id}-customer", role="customer", state="connected", label=label or "anonymous"
    )


def agent_leg(contact_id: str, who: AgentView) -> ParticipantView:
    """An agent's side of a contact."""
    return ParticipantView(
        id=f"{contact_id}-{who.id}", role="agent", state="connected", label=who.name, agent=who.id
    )


def snapshot(agents: Sequence[AgentView] = (), queues: Sequence[QueueView] = ()) -> Snapshot:
    """A telephone system at rest."""
    return Snapshot(
        boot="boot-1",
        seq=0,
        at=datetime.now(UTC),
        agents=tuple(agents),
        queues=tuple(queues or (queue("sales"),)),
        contacts=(),
        offers=(),
        callbacks=(),
        pause_reasons=PAUSE_REASONS,
        dispositions=DISPOSITIONS,
    )
