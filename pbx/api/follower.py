"""How one client follows the log, whatever it is connected by.

The log is the outgoing buffer: while the client's socket is full its place in the log waits. A client that
falls out of the log is sent away with TOO_SLOW; it resumes and is told to take a snapshot.
"""

from collections import OrderedDict
from collections.abc import Callable

from pydantic import TypeAdapter

from pbx.api.schemas import StreamQuery
from pbx.api.services import Log
from pbx.contract.events import Envelope, Reset

TOO_SLOW = 4001
"""The client did not read for so long that events it has not seen are no longer kept."""
STOPPING = 4002
"""The process stops; connect again."""
NOT_SPOKEN_TO = 4003
"""The client sent a message: this stream is read only."""

_ENVELOPE: TypeAdapter[Envelope] = TypeAdapter(Envelope)


class Encoded:
    """Envelopes as JSON, each written once however many clients there are."""

    def __init__(self, keep: int = 1024) -> None:
        self._keep = keep
        self._known: OrderedDict[int, bytes] = OrderedDict()

    def __call__(self, envelope: Envelope) -> bytes:
        """The JSON text of an envelope."""
        found = self._known.get(envelope.seq)
        if found is None:
            found = self._known[envelope.seq] = _ENVELOPE.dump_json(envelope)
            if len(self._known) > self._keep:
                self._known.popitem(last=False)
        return found


class Follower:
    """`send` takes one JSON text, `leave` closes with a code and a reason."""

    def __init__(
        self,
        log: Log,
        encoded: Callable[[Envelope], bytes],
        send: Callable[[bytes], None],
        leave: Callable[[int, str], None],
    ) -> None:
        self._log = log
        self._encoded = encoded
        self._send = send
        self._leave = leave
        self._position = 0
        self._full = False

    def begin(self, query: StreamQuery) -> None:
        """Send what was missed since the number asked for, or a Reset."""
        reset, self._position = beginning(self._log, query)
        if reset is not None:
            self._send(reset.model_dump_json().encode())
        self._catch_up()

    def hear(self, envelope: Envelope) -> None:
        """An event has happened."""
        if not self._full:
            if self._position + 1 == envelope.seq:
                self._pass_on(envelope)
        elif self._position + 1 < self._log.oldest:
            self._fell_behind()

    def pause(self) -> None:
        """The socket is full."""
        self._full = True

    def go_on(self) -> None:
        """The socket takes more."""
        self._full = False
        self._catch_up()

    def _catch_up(self) -> None:
        missed = self._log.since(self._position)
        if missed is None:
            self._fell_behind()
            return
        for envelope in missed:
            if self._full:
                return
            self._pass_on(envelope)

    def _pass_on(self, envelope: Envelope) -> None:
        self._position = envelope.seq
        self._send(self._encoded(envelope))

    def _fell_behind(self) -> None:
        self._leave(TOO_SLOW, "read faster: resume, then take a snapshot")


def beginning(log: Log, query: StreamQuery) -> tuple[Reset | None, int]:
    """What a new client is told first, and the number after which its events begin."""
    if query.since is None:
        return None, log.last
    other_process = query.boot is not None and query.boot != log.boot
    if other_process or query.since > log.last or query.since + 1 < log.oldest:
        return Reset(boot=log.boot, oldest=log.oldest), log.last
    return None, query.since
