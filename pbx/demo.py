"""The demonstration's telephony: the shop's numbers and flow, a queue, three agents with phones, one customer's."""

import json
from datetime import UTC, datetime
from importlib import resources

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from config.accounts import Credential
from pbx import tables
from pbx.accounts import join_queue, make_agent, make_endpoint

NUMBERS = (("4000", "en"), ("4001", "fr"), ("4002", "pt"))
"""The shop's numbers, open to everybody, and the language each speaks until it knows the caller."""

AGENTS = (
    ("alice", "Alice Martin", {"english": 10, "french": 4}),
    ("benoit", "Benoît Girard", {"french": 10, "english": 6}),
    ("carla", "Carla Nogueira", {"portuguese": 10, "english": 7, "french": 3}),
)
QUEUE = "shop"

PAUSE_REASONS = (
    ("break", {"en": "Break", "fr": "Pause", "pt": "Pausa"}),
    ("lunch", {"en": "Lunch", "fr": "Déjeuner", "pt": "Almoço"}),
    ("training", {"en": "Training", "fr": "Formation", "pt": "Formação"}),
    ("back_office", {"en": "Other work", "fr": "Autre travail", "pt": "Outro trabalho"}),
    ("missed_offers", {"en": "Missed calls", "fr": "Appels manqués", "pt": "Chamadas perdidas"}),
)
DISPOSITIONS = (
    ("order_placed", {"en": "Order placed", "fr": "Commande passée", "pt": "Encomenda feita"}),
    ("order_status", {"en": "Order status given", "fr": "Suivi donné", "pt": "Estado indicado"}),
    ("return", {"en": "Return arranged", "fr": "Retour organisé", "pt": "Devolução tratada"}),
    ("callback", {"en": "To call back", "fr": "À rappeler", "pt": "A contactar"}),
    ("no_sale", {"en": "No order", "fr": "Sans commande", "pt": "Sem encomenda"}),
    ("wrong_number", {"en": "Wrong number", "fr": "Faux numéro", "pt": "Número errado"}),
)


def load(session: Session, seed: int) -> str:
    """Make what does not exist yet; the phones' passwords are in the answer, and only there."""
    if session.scalar(select(tables.queue.c.id).where(tables.queue.c.id == QUEUE)):
        return "The telephony's demonstration is there already."
    basics(session)
    _queue(session)
    _numbers(session)
    made = [make_endpoint(session, id, name) for id, name, _ in AGENTS]
    for id, name, skills in AGENTS:
        make_agent(session, id, name, id, skills)
        join_queue(session, id, QUEUE)
    return "\n".join((_numbers_line(), *_phone_lines(made)))


def basics(session: Session) -> None:
    """What every installation starts with: the shipped flow, pause reasons, dispositions."""
    for position, (id, labels) in enumerate(PAUSE_REASONS):
        session.execute(insert(tables.pause_reason).values(id=id, labels=labels, position=position))
    for position, (id, labels) in enumerate(DISPOSITIONS):
        session.execute(insert(tables.disposition).values(id=id, labels=labels, position=position))
    document = json.loads(resources.files("ivr").joinpath("flows/shop.json").read_text("utf-8"))
    session.execute(
        insert(tables.flow).values(
            id=document["id"], name=document["name"], published_version=document["version"], draft=None
        )
    )
    session.execute(
        insert(tables.flow_version).values(
            flow_id=document["id"], version=document["version"], document=document,
            published_at=datetime.now(UTC), published_by="comptoir", note="shipped with Comptoir",
        )
    )  # fmt: skip


def _queue(session: Session) -> None:
    settings = {"strategy": "longest_idle", "max_wait": 600.0, "capacity": 50}
    session.execute(
        insert(tables.queue).values(id=QUEUE, name="Shop", settings=settings, recording=True, music="")
    )


def _numbers(session: Session) -> None:
    for number, language in NUMBERS:
        session.execute(
            insert(tables.did).values(
                number=number, label="Shop", flow_id="shop", language=language, public=True
            )
        )


def _numbers_line() -> str:
    numbers = ", ".join(f"{number} ({language})" for number, language in NUMBERS)
    return f"Numbers to dial: {numbers}"


def _phone_lines(made: list[Credential]) -> list[str]:
    return [
        "Desk phones (shown only now; `comptoir user passwd` makes new passwords):",
        *(f"  {one.username:<12} {one.password}" for one in made),
    ]
