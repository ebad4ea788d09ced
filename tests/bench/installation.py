"""The system under load: an installation on loopback with hundreds of agents, whose phones are one SIPp."""

import shutil
import socket
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, insert, select
from sqlalchemy.orm import Session

from orders.adapters import tables as shop
from pbx import tables
from pbx.accounts import join_queue, make_agent, make_endpoint
from pbx.sip.digest import Credentials, ha1, response_for
from pbx.sip.edge_settings import REALM
from pbx.sip.framing import read_datagram
from pbx.sip.headers import parse_auth
from pbx.sip.message import Response
from tests.bench.meters import cpu_seconds
from tests.lab import Lab

RTP = (12000, 19999)
MENU, PLAIN, RECORDED = "4000", "5000", "5001"
"""Numbers: the shop's menu, a queue that is not recorded, one that is."""
IDLE = 0.15
"""CPU seconds a second below which a telephone system without calls is at rest."""
SETTLING_SECONDS = 60
_QUEUES = {PLAIN: ("bench-plain", False), RECORDED: ("bench-recorded", True)}


class Installation(Lab):
    """A lab with room for `admit_calls` calls; all limits on sources and on new work are the defaults."""

    def __init__(self, directory: Path, clock_rate: int = 16000) -> None:
        directory.mkdir(parents=True)
        media = {
            "rtp_start": RTP[0], "rtp_end": RTP[1], "rtp_address": "127.0.0.1", "clock_rate": clock_rate,
            "max_calls": 2048, "admit_calls": 512,
        }  # fmt: skip
        super().__init__(directory, media=media, acd={"wrap_up": "0s"}, logging={"level": "warning"})
        self.phones: dict[str, str] = {}

    def copy_from(self, other: "Installation") -> None:
        """Take over what another installation has in its state directory."""
        shutil.copytree(other.state, self.state)
        self.passwords, self.phones = other.passwords, other.phones

    def add_agents(self, count: int) -> None:
        """Agents with a phone each, and two queues that all of them serve."""
        with self._session() as session:
            for number, (queue, recording) in _QUEUES.items():
                _add_queue(session, queue, number, recording)
            for name in (f"agent{one}" for one in range(count)):
                self.phones[name] = make_endpoint(session, name, name).password
                make_agent(session, name, name, name, {})
                for queue, _ in _QUEUES.values():
                    join_queue(session, name, queue)
            session.commit()

    def known_callers(self, count: int) -> list[str]:
        """Numbers of the demonstration's customers."""
        query = select(shop.customer_phone.c.e164).order_by(shop.customer_phone.c.e164).limit(count)
        with self._session() as session:
            return list(session.scalars(query))

    def _session(self) -> Session:
        return Session(create_engine(self.database))

    def start_and_settle(self) -> None:
        """Start, and wait until the shipped texts have been spoken: after a start that takes a core for a while."""
        self.start_pbx()
        assert self.pbx is not None
        at_rest, deadline = 0, time.monotonic() + SETTLING_SECONDS
        while at_rest < 3 and time.monotonic() < deadline:
            before = cpu_seconds(self.pbx.pid)
            time.sleep(1.0)
            at_rest = at_rest + 1 if cpu_seconds(self.pbx.pid) - before < IDLE else 0

    def register_phones(self, port: int, names: list[str]) -> None:
        """Log every phone in from 127.0.0.1:`port`, where a SIPp shall answer afterwards."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            phone.bind(("127.0.0.1", port))
            phone.connect(("127.0.0.1", self.sip_port))
            phone.settimeout(5)
            for name in names:
                _register(phone, name, self.phones[name], port)

    def all_available(self, names: list[str]) -> None:
        """Every agent takes contacts from now on."""
        for name in names:
            self.available(name)

    def calls_with_agents(self) -> int:
        """How many contacts are talking with an agent now."""
        contacts: list[dict[str, Any]] = self.snapshot()["contacts"]
        return sum(1 for one in contacts if one["state"] == "talking")

    def wait_for_calls(self, count: int, seconds: float) -> int:
        """Wait until so many contacts talk; returns how many are."""
        deadline = time.monotonic() + seconds
        while (found := self.calls_with_agents()) < count and time.monotonic() < deadline:
            time.sleep(0.5)
        return found


def _add_queue(session: Session, queue: str, number: str, recording: bool) -> None:
    session.execute(
        insert(tables.queue).values(
            id=queue, name=queue, recording=recording, music="",
            settings={"strategy": "longest_idle", "wrap_up": 0.0},
        )
    )  # fmt: skip
    nodes = {"queue": {"kind": "enqueue", "queue": queue}, "end": {"kind": "hang_up"}}
    document = {
        "id": queue, "version": 1, "name": queue, "languages": ["en"], "start": "queue", "on_failure": "end",
        "nodes": nodes,
    }  # fmt: skip
    session.execute(insert(tables.flow).values(id=queue, name=queue, published_version=1, draft=None))
    session.execute(
        insert(tables.flow_version).values(
            flow_id=queue, version=1, document=document, published_by="bench", note="",
            published_at=datetime.now(UTC),
        )
    )  # fmt: skip
    session.execute(
        insert(tables.did).values(number=number, label=queue, flow_id=queue, language="en", public=True)
    )


def _register(phone: socket.socket, name: str, password: str, port: int) -> None:
    challenged = _ask(phone, _register_request(name, port, 1))
    offer = next(
        one
        for one in map(parse_auth, challenged.lines("www-authenticate"))
        if one.get("algorithm") == "SHA-256"
    )
    asked = Credentials(name, offer.get("nonce") or "", f"sip:{REALM}", "", "SHA-256", "bench", "00000001")
    proof = response_for(ha1(name, REALM, password, "SHA-256"), asked, "REGISTER")
    header = (
        f'Authorization: Digest username="{name}",realm="{REALM}",nonce="{asked.nonce}",uri="{asked.uri}",'
        f'response="{proof}",cnonce="bench",nc=00000001,qop=auth,algorithm=SHA-256'
    )
    answer = _ask(phone, _register_request(name, port, 2, header))
    if answer.status != 200:
        raise RuntimeError(f"The phone {name} could not log in: {answer.status} {answer.reason}")


def _register_request(name: str, port: int, cseq: int, *extra: str) -> bytes:
    lines = (
        f"REGISTER sip:{REALM} SIP/2.0",
        f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{name}-{cseq}",
        f"From: <sip:{name}@{REALM}>;tag={name}",
        f"To: <sip:{name}@{REALM}>",
        f"Call-ID: {name}",
        f"CSeq: {cseq} REGISTER",
        f"Contact: <sip:{name}@127.0.0.1:{port}>",
        "Expires: 3600",
        "Max-Forwards: 70",
        *extra,
        "Content-Length: 0",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _ask(phone: socket.socket, request: bytes) -> Response:
    phone.send(request)
    answer = read_datagram(phone.recv(65535))
    if not isinstance(answer, Response):
        raise TypeError("The edge sent a request to a phone that only registers.")
    return answer
