"""Which INVITEs we handed to pjsua2 and not finished: what a CANCEL, an ACK or a repetition belongs to."""

from dataclasses import dataclass

from pbx.sip.edge_settings import Address

_LINGER = 34.0
"""Seconds after a final answer in which its ACK, or a repeated INVITE, may come (RFC 3261 timer H, 64*T1)."""
_LONGEST = 3600.0


@dataclass(slots=True)
class PendingInvite:
    """Where one INVITE was sent: media's address and the Request-URI it was given."""

    media: Address
    uri: str
    since: float
    finished: bool = False


class PendingInvites:
    """INVITE transactions by our branch. Times are the reactor's seconds; call `sweep` now and then."""

    def __init__(self) -> None:
        self._known: dict[str, PendingInvite] = {}

    def __len__(self) -> int:
        return len(self._known)

    def add(self, branch: str, media: Address, uri: str, now: float) -> None:
        """The INVITE was forwarded."""
        self._known[branch] = PendingInvite(media, uri, now)

    def find(self, branch: str) -> PendingInvite | None:
        """The INVITE of this branch, if it is not forgotten."""
        return self._known.get(branch)

    def finished(self, branch: str, now: float) -> None:
        """A final answer passed; the INVITE lingers for its ACK."""
        pending = self._known.get(branch)
        if pending is not None and not pending.finished:
            pending.finished = True
            pending.since = now

    def sweep(self, now: float) -> None:
        """Forget what is over."""
        over = [
            branch
            for branch, pending in self._known.items()
            if now - pending.since > (_LINGER if pending.finished else _LONGEST)
        ]
        for branch in over:
            del self._known[branch]
