"""What was recorded and kept: listed, opened, heard and watched. For supervisors and admins."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from flask import Blueprint, abort, request
from pydantic import TypeAdapter
from werkzeug.wrappers import Response

from agent_ui.auth import browser, call_for, sees_wallboard, visit
from agent_ui.cobrowse.places import REPLAY, View
from agent_ui.cobrowse.replay_file import unpacked
from agent_ui.cobrowse.replay_store import Replay
from agent_ui.recordings.archive import Period, Viewer
from agent_ui.recordings.ranges import NotThere, part_of
from agent_ui.recordings.views import OpenedContact, ReplayPart
from agent_ui.wiring import services
from agent_ui.workers import Workers
from pbx.contract.base import Moment

blueprint = Blueprint("recordings", __name__, url_prefix="/api/recordings")

PIECE = 256 * 1024
"""Bytes that are read at once, in a worker."""

_MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)


@blueprint.get("")
@call_for(sees_wallboard)
def listed() -> dict[str, object]:
    """The contacts from `since` until before `until` (the last week by itself), also of one `agent`."""
    now = datetime.now(UTC)
    since, until = _moment("since", now - timedelta(days=7)), _moment("until", now + timedelta(minutes=1))
    period = Period(since, until, request.args.get("agent") or None)
    return services().archive.listed(period).model_dump(mode="json")


@blueprint.post("/<contact>/open")
@call_for(sees_wallboard)
def opened(contact: str) -> dict[str, object]:
    """A contact with its parts. From here on its reader is on record."""
    found = visit()
    held = services().archive.opened(contact, Viewer(found.login.username, browser().address))
    if held is None:
        abort(404)
    answer = OpenedContact(
        watch=services().watches.open(found.session_id, services().archive.files(held)),
        contact=held.contact,
        recordings=held.parts(),
        replays=tuple(_replay(one) for one in held.replays),
        consent=held.consent,
        watched=held.watched,
    )
    return answer.model_dump(mode="json")


@blueprint.get("/watches/<watch>/audio/<recording>")
@call_for(sees_wallboard)
def audio(watch: str, recording: str) -> Response:
    """A recording, or a part of it."""
    path = _file(watch, recording)
    workers = services().file_workers
    size = workers.run(_size, path)
    try:
        part = part_of(request.headers.get("Range", ""), size)
    except NotThere:
        return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    begin, length = part or (0, size)
    response = Response(
        _pieces(workers, path, begin, length),
        status=206 if part else 200,
        mimetype="audio/wav",
        headers={"Accept-Ranges": "bytes", "Content-Length": str(length)},
    )
    if part:
        response.headers["Content-Range"] = f"bytes {begin}-{begin + length - 1}/{size}"
    return response


@blueprint.get("/watches/<watch>/replay/<session>")
@call_for(sees_wallboard)
def replay(watch: str, session: str) -> Response:
    """What agents saw, a JSON document a line, in order."""
    path = _file(watch, session)
    return Response(_lines(services().file_workers, path), mimetype="application/x-ndjson")


def _replay(one: Replay) -> ReplayPart:
    places = services().cobrowse.places
    desk = places.desk(request.host_url, request.headers.get("Origin", ""))
    view = View(one.site, desk, visit().login.preferences.language)
    return ReplayPart(
        session=one.session,
        started_at=one.started_at,
        ended_at=one.ended_at or one.started_at,
        viewer=places.address(request.host_url, view, REPLAY),
    )


def _file(watch: str, part: str) -> Path:
    path = services().watches.file(watch, visit().session_id, part)
    if path is None or not services().file_workers.run(path.is_file):
        abort(404)
    return path


def _moment(name: str, otherwise: datetime) -> datetime:
    text = request.args.get(name)
    return otherwise if text is None else _MOMENT.validate_python(text)


def _size(path: Path) -> int:
    return path.stat().st_size


def _pieces(workers: Workers, path: Path, begin: int, length: int) -> Iterator[bytes]:
    file = workers.run(_opened_at, path, begin)
    try:
        while length > 0 and (piece := workers.run(file.read, min(PIECE, length))):
            length -= len(piece)
            yield piece
    finally:
        file.close()


def _opened_at(path: Path, place: int) -> BinaryIO:
    file = path.open("rb")
    file.seek(place)
    return file


def _lines(workers: Workers, path: Path) -> Iterator[str]:
    file = workers.run(_opened_at, path, 0)
    documents = unpacked(file)
    try:
        while lines := workers.run(_some, documents):
            yield lines
    finally:
        file.close()


def _some(documents: Iterator[dict[str, object]]) -> str:
    """The next documents, a line each; nothing at the end."""
    lines: list[str] = []
    size = 0
    for document in documents:
        lines.append(json.dumps(document, separators=(",", ":")) + "\n")
        size += len(lines[-1])
        if size >= PIECE:
            break
    return "".join(lines)
