"""`comptoir queue`: the queues and who serves them."""

import argparse
import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from pbx import tables
from pbx.accounts import join_queue
from pbx.acd.errors import BadSetting
from pbx.acd.settings import QueueConfig
from pbx.setup.common import name, require, table, verbs_of
from pbx.setup.session import Refused, change, read


def add(commands: Any) -> None:
    """Add the command."""
    verb = verbs_of(commands, "queue", "the queues and who serves them")
    parser = verb("set", "make a queue, or change one", change(_queue_set))
    parser.add_argument("queue", type=name)
    parser.add_argument("--name")
    parser.add_argument("--record", choices=("on", "off"))
    parser.add_argument("--music", help="a WAV file; empty for the house's")
    parser.add_argument("--agents", nargs="*", metavar="AGENT", help="who serves it from now on")
    parser.add_argument(
        "values",
        nargs="*",
        metavar="KEY=VALUE",
        help="such as strategy=round_robin max_wait=300 capacity=20",
    )
    verb("list", "all queues", read(_queue_list))


def _queue_set(session: Session, given: argparse.Namespace) -> str:
    queue = tables.queue
    old = session.execute(select(queue).where(queue.c.id == given.queue)).one_or_none()
    words = [*given.values, *(one for one in given.agents or () if "=" in one)]
    values = {
        "name": given.name or (old.name if old else given.queue),
        "settings": {**(old.settings if old else {}), **dict(map(_setting, words))},
        "recording": given.record == "on" if given.record else bool(old and old.recording),
        "music": given.music if given.music is not None else (old.music if old else ""),
    }
    _check(session, given.queue, values["settings"])
    if values["music"] and not Path(values["music"]).is_file():
        raise Refused(f"There is no file {values['music']}.")
    if old:
        session.execute(update(queue).where(queue.c.id == given.queue).values(**values))
    else:
        session.execute(insert(queue).values(id=given.queue, **values))
    if given.agents is not None:
        _serve(session, given.queue, [one for one in given.agents if "=" not in one])
    return f"The queue {given.queue} is set up."


def _check(session: Session, queue: str, settings: Mapping[str, Any]) -> None:
    """Raises Refused for settings that the queues would not take."""
    allowed = {field.name for field in fields(QueueConfig)} - {"id", "name", "music", "recording"}
    for unknown in settings.keys() - allowed:
        raise Refused(f"A queue has no setting {unknown}; there are {', '.join(sorted(allowed))}.")
    whole = json.dumps({"id": queue, "name": queue, **settings})
    try:
        TypeAdapter(QueueConfig).validate_json(whole, strict=True)
    except ValidationError as problem:
        wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problem.errors())
        raise Refused(f"This is no setting for a queue: {'; '.join(wrong)}.") from None
    except BadSetting as problem:
        raise Refused(f"This is no setting for a queue: {problem}.") from None
    if other := settings.get("overflow_to"):
        require(session, tables.queue.c.id, other, f"There is no queue {other} to overflow to.")


def _serve(session: Session, queue: str, agents: list[str]) -> None:
    for agent in agents:
        require(session, tables.agent.c.id, agent, f"There is no agent {agent}; see `comptoir user list`.")
    session.execute(delete(tables.membership).where(tables.membership.c.queue_id == queue))
    for agent in agents:
        join_queue(session, agent, queue)


def _setting(text: str) -> tuple[str, Any]:
    key, equals, value = text.partition("=")
    if not equals:
        raise Refused(f"Write {text} as KEY=VALUE.")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def _queue_list(session: Session, given: argparse.Namespace) -> str:
    members: dict[str, list[str]] = {}
    for row in session.execute(select(tables.membership).order_by(tables.membership.c.agent_id)):
        members.setdefault(row.queue_id, []).append(row.agent_id)
    return table(
        ("queue", "name", "recorded", "agents", "settings"),
        [
            (
                r.id,
                r.name,
                "yes" if r.recording else "no",
                ", ".join(members.get(r.id, [])),
                json.dumps(r.settings),
            )
            for r in session.execute(select(tables.queue).order_by(tables.queue.c.id))
        ],
    )
