"""A carrier at an address of its own: calls our numbers and is called, byte by byte, with audio both ways.

with Carrier("127.0.0.1", lab.sip_port) as carrier:
    call = carrier.called()
    call.answer()
    carrier.audio.tone(2500)
    call.hang_up()
"""

import itertools
import re
import time
from collections.abc import Callable
from hashlib import md5

from rtp_peer import RtpPeer
from udp_peer import SDP, UdpPeer, lines, value

PATIENCE = 30.0


class Carrier(UdpPeer):
    """Everything the carrier's switch does for us. It has one pair of ears, `audio`."""

    def __init__(self, host: str, port: int, address: str = "127.0.0.2") -> None:
        super().__init__(address)
        self.edge = (host, port)
        self.audio = RtpPeer(address)
        self._inbox: list[str] = []
        self._seen: set[str] = set()
        self._numbers = itertools.count(1)

    def __exit__(self, *_: object) -> None:
        self.audio.__exit__()
        super().__exit__()

    def sdp(self) -> str:
        return SDP.format(address=self.address, port=self.audio.port)

    def calls(self, number: str, caller: str, headers: str = "", to: str = "") -> "CarrierCall":
        """Call a number of ours; `to` is the number in To, when that is another one."""
        call_id = f"{self.port}-{next(self._numbers)}-carrier"
        uri = f"sip:{number}@{self.edge[0]}:{self.edge[1]}"
        self.request(
            "INVITE", uri, self.edge, call_id=call_id, headers=headers, body=self.sdp(),
            to_header=f"<sip:{to or number}@{self.edge[0]}>",
            from_header=f"<sip:{caller}@{self.address}>;tag=carrier",
        )  # fmt: skip
        return CarrierCall(self, call_id)

    def called(self, timeout: float = PATIENCE) -> "CarrierCall":
        """The next call to us, or the next attempt at one."""
        invite = self.expect("INVITE ", timeout=timeout)
        self.reply(invite, "100 Trying", tag="")
        return CarrierCall(self, value(invite, "Call-ID"), invite)

    def is_called(self, within: float) -> bool:
        """Whether a call comes within so many seconds."""
        try:
            self.expect("INVITE ", timeout=within)
        except AssertionError:
            return False
        return True

    def expect(self, start: str, call: str = "", timeout: float = PATIENCE) -> str:
        """The first message, here or to come, that begins so and belongs to the call; each is seen once."""

        def fits(message: str) -> bool:
            return message.startswith(start) and call in ("", value(message, "Call-ID"))

        return self._take(fits, timeout, f"{start} {call}")

    def _take(self, fits: Callable[[str], bool], timeout: float, wanted: str) -> str:
        deadline = time.monotonic() + timeout
        while True:
            for message in self._inbox:
                if fits(message):
                    self._inbox.remove(message)
                    return message
            try:
                self._keep(self.receive(timeout=deadline - time.monotonic()))
            except TimeoutError:
                seen = [message.partition("\n")[0] for message in self._inbox]
                raise AssertionError(f"no {wanted} came; seen: {seen}") from None

    def _keep(self, message: str) -> None:
        """Keep what is no repetition."""
        kind = "" if message.startswith("SIP/2.0 ") else lines(message, "Via")[0]
        if not kind or message.partition(" ")[0] + kind not in self._seen:
            self._seen.add(message.partition(" ")[0] + kind)
            self._inbox.append(message)


class CarrierCall:
    """One call. `invite` is what we received, empty for a call that the carrier made."""

    def __init__(self, carrier: Carrier, call_id: str, invite: str = "") -> None:
        self.id = call_id
        self.invite = invite
        self._carrier = carrier
        self._established = ""

    @property
    def uri(self) -> str:
        """The request URI of the INVITE."""
        return self.invite.split(" ", 2)[1]

    @property
    def caller(self) -> str:
        """The user part of its From."""
        found = re.search(r"sips?:([^@>;]*)@", value(self.invite, "From"))
        return found[1] if found else ""

    # --- called -------------------------------------------------------------------------------------------------

    def ring(self) -> None:
        self._carrier.reply(self.invite, "180 Ringing", self._routes())

    def answer(self) -> None:
        """Pick up; returns once that is acknowledged."""
        self._carrier.answer(self.invite, self._routes())
        self._carrier.expect("ACK ", self.id)

    def refuse(self, status: str, headers: str = "") -> None:
        """Refuse, or ask for credentials; returns once that is acknowledged."""
        self._carrier.reply(self.invite, status, headers)
        self._carrier.expect("ACK ", self.id)

    # --- calling ------------------------------------------------------------------------------------------------

    def final(self) -> str:
        """The final answer's status line, acknowledged."""
        while True:
            answer = self._carrier.expect("SIP/2.0 ", self.id)
            if value(answer, "CSeq").endswith("INVITE") and not answer.startswith("SIP/2.0 1"):
                break
        self._established = answer if answer.startswith("SIP/2.0 2") else ""
        if self._established:
            self._request("ACK", 1)
        return answer.partition("\n")[0]

    # --- both ---------------------------------------------------------------------------------------------------

    def hang_up(self) -> None:
        """Say BYE; returns once it is answered."""
        self._request("BYE", 2)
        self._carrier.expect("SIP/2.0 200", self.id)

    def is_hung_up(self) -> None:
        """Wait for the other side's BYE and answer it."""
        self._carrier.reply(self._carrier.expect("BYE ", self.id), "200 OK")

    def is_given_up(self) -> None:
        """Wait for the other side's CANCEL and answer it and the INVITE."""
        self._carrier.reply(self._carrier.expect("CANCEL ", self.id), "200 OK")
        self.refuse("487 Request Terminated")

    def _routes(self) -> str:
        return "\n".join(lines(self.invite, "Record-Route")) + "\n"

    def _request(self, method: str, number: int) -> None:
        """A request in the dialog, along its route (RFC 3261 section 12.2.1.1)."""
        told, ours = self._established or self.invite, bool(self._established)
        routes = [line.partition(":")[2].strip() for line in lines(told, "Record-Route")]
        mine, theirs = (value(told, "From"), value(told, "To")) if ours else (
            f"{value(told, 'To')};tag=peer", value(told, "From"),
        )  # fmt: skip
        self._carrier.request(
            method, value(told, "Contact").partition("<")[2].partition(">")[0], self._carrier.edge,
            number=number, call_id=self.id, from_header=mine, to_header=theirs,
            headers="".join(f"Route: {one}\n" for one in (reversed(routes) if ours else routes)),
        )  # fmt: skip


def challenge(realm: str, header: str = "WWW-Authenticate") -> str:
    """The header that asks for credentials."""
    return f'{header}: Digest realm="{realm}", nonce="once", algorithm=MD5\n'


def proves(request: str, user: str, realm: str, password: str) -> bool:
    """Whether the request answers `challenge` rightly (RFC 2617 section 3.2.2, without qop)."""
    said = value(request, "Authorization") or value(request, "Proxy-Authorization")
    given = dict(re.findall(r'(\w+)="?([^",]+)"?', said))
    if not given:
        return False
    method = request.partition(" ")[0]
    one = md5(f"{user}:{realm}:{password}".encode()).hexdigest()
    other = md5(f"{method}:{given['uri']}".encode()).hexdigest()
    return bool(given["response"] == md5(f"{one}:once:{other}".encode()).hexdigest())
