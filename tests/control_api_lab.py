"""The real control API's server on a telephone system in memory: `python control_api_lab.py TOKEN`.

Prints its port, and serves until standard input ends. So the pages' client speaks to the server it will meet:
its paths, headers, errors and stream, without any telephony.
"""

import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from twisted.internet import reactor as twisted_reactor

from agent_ui.control import scene
from agent_ui.control.errors import ControlRefused
from agent_ui.control.memory import MemoryControl
from agent_ui.control.port import CdrQuery, RecordingsQuery
from config.settings import ApiSettings
from pbx.api.server import ApiServer
from pbx.api.services import ApiServices
from pbx.contract.commands import RequestCallback
from pbx.contract.events import Envelope
from pbx.contract.resources import CallbackView, CdrView, RecordingView
from pbx.errors import CallbackExists, NotAllowed, NotFound, PbxError, WrongState

T = TypeVar("T")

ERRORS: dict[int, type[PbxError]] = {403: NotAllowed, 404: NotFound, 409: WrongState}


class Told:
    """Calls a method of the twin, and says its refusals the telephone system's way."""

    def __init__(self, control: MemoryControl, log: "Log") -> None:
        self._control = control
        self._log = log

    def __getattr__(self, name: str) -> Callable[..., None]:
        def call(*arguments: Any) -> None:
            try:
                self._do(name, *arguments)
            except ControlRefused as refused:
                raise ERRORS[refused.status](refused.problem.detail) from None
            self._log.spread()

        return call

    def _do(self, name: str, first: str, *rest: Any) -> None:
        if name == "set_status":
            self._control.set_status(first, first, rest[0])
        elif name in ("accept", "decline"):
            self._offer(name, first, rest[0])
        elif name == "wrap_up":
            self._control.on_contact(rest[0], first, "wrap-up", rest[1])
        elif name in ("hold", "resume"):
            self._control.on_contact(rest[0], first, name)  # type: ignore[arg-type]
        elif name == "transfer":
            self._control.on_contact(rest[0], first, "transfer", rest[1])
        elif name == "hang_up":
            self._control.on_contact(rest[0], first, "hang-up", rest[1])
        elif name == "leave":
            self._control.on_contact(rest[0], first, "away")
        elif name == "join_visitor":
            self._control.join_visitor(rest[0], first, rest[1])
        else:
            raise AssertionError(f"{name} is not rehearsed")

    def _offer(self, name: str, offer: str, agent: str) -> None:
        from pbx.contract.commands import DeclineOffer

        if name == "accept":
            self._control.accept(agent, offer)
        else:
            self._control.decline(agent, offer, DeclineOffer())


class Promises:
    """The twin's callbacks as the server has them."""

    def __init__(self, control: MemoryControl, log: "Log") -> None:
        self._control = control
        self._log = log

    def views(self) -> tuple[CallbackView, ...]:
        return tuple(self._control.live.callbacks.values())

    def view(self, callback: str) -> CallbackView:
        return _refused_ours(lambda: self._control.callback(callback))

    def request(self, command: RequestCallback) -> CallbackView:
        found = _refused_ours(lambda: self._control.request_callback("widget", command))
        self._log.spread()
        return found

    def cancel(self, callback: str) -> None:
        _refused_ours(lambda: self._control.cancel_callback("widget", callback))
        self._log.spread()


def _refused_ours(ask: Callable[[], T]) -> T:
    """The twin's refusal as the telephone system's."""
    try:
        return ask()
    except ControlRefused as refused:
        named = {one.id: one for one in (CallbackExists, NotFound)}
        raise named[refused.problem.id](refused.problem.detail) from None


class Log:
    """The twin's events as the server's log."""

    def __init__(self, control: MemoryControl) -> None:
        self._control = control
        self._listeners: list[Callable[[Envelope], None]] = []
        self._spread = 0

    @property
    def boot(self) -> str:
        return self._control.live.boot

    @property
    def last(self) -> int:
        return self._control.live.seq

    @property
    def oldest(self) -> int:
        return 1

    def since(self, seq: int) -> tuple[Envelope, ...] | None:
        found = self._control.after(self.boot, seq)
        return None if found is None else tuple(found)

    def listen(self, listener: Callable[[Envelope], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def spread(self) -> None:
        for envelope in self.since(self._spread) or ():
            self._spread = envelope.seq
            for listener in tuple(self._listeners):
                listener(envelope)


class History:
    """The twin's rows."""

    def __init__(self, control: MemoryControl) -> None:
        self._control = control

    async def cdrs(self, query: Any) -> tuple[CdrView, ...]:
        return self._control.cdr(CdrQuery(query.customer_id, query.caller, query.agent, query.limit))

    async def recordings(self, query: Any) -> tuple[RecordingView, ...]:
        wanted = RecordingsQuery(query.contact, query.agent, query.since, query.until, query.limit)
        return self._control.recordings(wanted)

    async def cdr(self, contact: str) -> CdrView:
        try:
            return self._control.record(contact)
        except ControlRefused as refused:
            raise NotFound(refused.problem.detail) from None


def rehearsal() -> MemoryControl:
    """Where every contract test begins: Alice is offered c1, Benoît is free, one contact is past."""
    control = MemoryControl(scene.snapshot([scene.agent("alice"), scene.agent("benoit")]))
    control.rows.append(
        CdrView(
            contact="past",
            channel="voice",
            direction="inbound",
            caller="+33612345678",
            called="4000",
            customer_id="ana",
            language="pt",
            agent="alice",
            started_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
        )
    )
    control.recorded.append(
        RecordingView(
            id="r1",
            contact="past",
            kind="call",
            state="finished",
            path="r1.wav",
            started_at=datetime(2026, 11, 20, 9, 1, tzinfo=UTC),
            seconds=60.5,
            pauses=((1.5, 2.25),),
        )
    )
    control.offers("o1", scene.contact("c1", customer_id="ana"), "alice", seconds=600)
    return control


def main() -> None:
    """Serve until standard input ends."""
    reactor: Any = twisted_reactor
    control = rehearsal()
    log = Log(control)
    log.spread()
    told: Any = Told(control, log)
    nothing: Any = None
    services = ApiServices(
        calls=told,
        desk=told,
        dialer=told,
        recordings=told,
        log=log,
        history=History(control),  # type: ignore[arg-type]
        bans=nothing,
        snapshot=control.snapshot,
        contact=lambda id: control.live.contacts[id],
        absences=told,
        callbacks=Promises(control, log),
        queue_status=lambda queue, number: _refused_ours(lambda: control.queue_status(queue, number)),
        directory=control.directory,
        registrations=lambda: (),
        health=nothing,
        metrics=nothing,
        reload=nothing,
    )
    server = ApiServer(reactor, ApiSettings(listen="127.0.0.1", port=0, token=sys.argv[1]), services)
    print(server.start(), flush=True)
    threading.Thread(target=_stop_with_input, args=(reactor,), daemon=True).start()
    reactor.run()


def _stop_with_input(reactor: Any) -> None:
    sys.stdin.read()
    reactor.callFromThread(reactor.stop)


if __name__ == "__main__":
    main()
