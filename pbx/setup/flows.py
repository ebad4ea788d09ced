"""`comptoir flow`: check, publish and roll back call flows."""

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from ivr import codec
from ivr.errors import FlowFormatError
from ivr.finding import explain, shipped_explanations
from ivr.speech.catalogue import shipped_catalogue
from ivr.validation import Surroundings, validate
from pbx import tables
from pbx.setup.common import table, verbs_of
from pbx.setup.session import Refused, change, read


def add(commands: Any) -> None:
    """Add the command."""
    verb = verbs_of(commands, "flow", "the call flows")
    verb("check", "say what is wrong with a flow's file", read(_flow_check)).add_argument("file", type=Path)
    parser = verb(
        "publish", "make a file the flow's next version; calls going on keep theirs", change(_flow_publish)
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--note", default="", help="what is new, for the history")
    roll_back = verb("roll-back", "publish an earlier version again", change(_flow_roll_back))
    roll_back.add_argument("flow")
    roll_back.add_argument("version", type=int)
    verb("list", "all flows and their versions", read(_flow_list))


def _flow_check(session: Session, given: argparse.Namespace) -> str:
    flow = _read_flow(session, given.file)
    return f"The flow {flow['id']} is fine."


def _flow_publish(session: Session, given: argparse.Namespace) -> str:
    document = _read_flow(session, given.file)
    newest = select(func.max(tables.flow_version.c.version)).where(
        tables.flow_version.c.flow_id == document["id"]
    )
    version = (session.scalar(newest) or 0) + 1
    document["version"] = version
    if version == 1:
        session.execute(
            insert(tables.flow).values(
                id=document["id"], name=document["name"], published_version=1, draft=None
            )
        )
    session.execute(
        insert(tables.flow_version).values(
            flow_id=document["id"], version=version, document=document, published_at=datetime.now(UTC),
            published_by="console", note=given.note,
        )
    )  # fmt: skip
    _publish(session, document["id"], version)
    return f"The flow {document['id']} is published as version {version}."


def _flow_roll_back(session: Session, given: argparse.Namespace) -> str:
    known = select(tables.flow_version.c.version).where(
        tables.flow_version.c.flow_id == given.flow, tables.flow_version.c.version == given.version
    )
    if session.scalar(known) is None:
        raise Refused(f"There is no version {given.version} of {given.flow}; see `comptoir flow list`.")
    _publish(session, given.flow, given.version)
    return f"New calls of {given.flow} use version {given.version}."


def _publish(session: Session, flow: str, version: int) -> None:
    session.execute(update(tables.flow).where(tables.flow.c.id == flow).values(published_version=version))


def _flow_list(session: Session, given: argparse.Namespace) -> str:
    version, flow = tables.flow_version, tables.flow
    rows = session.execute(
        select(version, flow.c.published_version)
        .join(flow, flow.c.id == version.c.flow_id)
        .order_by(version.c.flow_id, version.c.version)
    ).all()
    return table(
        ("flow", "version", "published", "by", "note"),
        [
            (
                row.flow_id, f"{row.version}{' *' if row.version == row.published_version else ''}",
                f"{row.published_at:%Y-%m-%d %H:%M}", row.published_by, row.note,
            )
            for row in rows
        ],
    )  # fmt: skip


def _read_flow(session: Session, file: Path) -> dict[str, Any]:
    """The document, checked against what is set up. Raises Refused with every finding."""
    try:
        text = file.read_text("utf-8")
        flow = codec.loads(text)
    except OSError as problem:
        raise Refused(f"{file} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise Refused(f"{file} is no flow: write it in UTF-8") from None
    except FlowFormatError as problem:
        raise Refused(f"{file} is no flow:\n{problem}") from None
    queues = frozenset(session.scalars(select(tables.queue.c.id)))
    calendars = frozenset(session.scalars(select(tables.calendar.c.name)))
    findings = validate(flow, shipped_catalogue(), Surroundings(queues=queues, calendars=calendars))
    explanations = shipped_explanations()
    errors = [
        f"{one.pointer}: {explain(one, explanations, 'en')}" for one in findings if one.severity == "error"
    ]
    if errors:
        raise Refused(f"{file} cannot be published:\n" + "\n".join(errors))
    document: dict[str, Any] = json.loads(text)
    return document
