import pytest
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.error import ConnectError
from twisted.internet.task import Clock

from pbx.errors import Unreachable
from pbx.sip.directory import TrunkAddress
from pbx.sip.resolver import Resolver
from pbx.sip.trunks import Trunks


class Names:
    """A resolver of names that the test fills and counts."""

    def __init__(self, **addresses: tuple[str, ...]) -> None:
        self.addresses = addresses
        self.asked: list[str] = []

    async def look_up(self, host: str) -> tuple[str, ...]:
        self.asked.append(host)
        if host not in self.addresses:
            raise OSError(2, "no such name")
        return self.addresses[host]


class FakeTransports:
    def __init__(self) -> None:
        self.refusing: set[str] = set()

    def towards(self, peer):
        return ("UDP", peer) if ":" not in peer[0] else None

    async def connect(self, peer, tls_name=""):
        if peer[0] in self.refusing:
            raise ConnectError(111)
        return ("TLS", peer, tls_name) if tls_name else ("TCP", peer)


def result(coroutine):
    outcome: list = []
    ensureDeferred(coroutine).addBoth(outcome.append)
    return outcome[0]


def make(*trunks: TrunkAddress, names: Names):
    transports = FakeTransports()
    made = Trunks(lambda: trunks, Resolver(names.look_up, Clock().seconds), transports)
    result(made.refresh())
    return made, transports


def test_a_trunk_is_known_by_its_host_s_addresses_and_by_its_sources():
    names = Names(carrier=("192.0.2.7", "2001:db8::7"))
    trunks, _ = make(
        TrunkAddress("a", "carrier", sources=("198.51.100.0/24",)),
        TrunkAddress("b", "203.0.113.1"),
        names=names,
    )
    known = {host: trunks.at(host) for host in ("192.0.2.7", "2001:db8::7", "198.51.100.9", "203.0.113.1")}
    assert list(known.values()) == ["a", "a", "a", "b"]
    assert trunks.at("192.0.2.8") is None
    assert names.asked == ["carrier"]


def test_the_flow_to_a_trunk_is_to_the_first_of_its_addresses_that_can_be_reached():
    names = Names(carrier=("2001:db8::7", "192.0.2.7", "192.0.2.8"))
    trunks, transports = make(
        TrunkAddress("u", "carrier"), TrunkAddress("t", "carrier", 5062, "TCP"), names=names
    )
    assert result(trunks.flow("u")) == ("UDP", ("192.0.2.7", 5060))
    transports.refusing = {"2001:db8::7", "192.0.2.7"}
    assert result(trunks.flow("t")) == ("TCP", ("192.0.2.8", 5062))
    transports.refusing.add("192.0.2.8")
    assert result(trunks.flow("t")).check(Unreachable)


def test_an_unknown_trunk_and_one_without_address_are_unreachable():
    trunks, _ = make(TrunkAddress("a", "gone"), names=Names())
    assert result(trunks.flow("a")).check(Unreachable)
    with pytest.raises(Unreachable):
        trunks.get("b")


def test_an_answer_is_used_for_its_lifetime_and_beyond_when_the_next_one_fails():
    clock, names = Clock(), Names(carrier=("192.0.2.7",))
    resolver = Resolver(names.look_up, clock.seconds, lifetime=300.0)
    assert result(resolver.addresses("carrier")) == ("192.0.2.7",)
    clock.advance(299)
    assert result(resolver.addresses("carrier")) == ("192.0.2.7",)
    assert len(names.asked) == 1
    clock.advance(2)
    names.addresses = {}
    assert result(resolver.addresses("carrier")) == ("192.0.2.7",)
    assert len(names.asked) == 2
    assert result(resolver.addresses("192.0.2.9")) == ("192.0.2.9",)
    assert len(names.asked) == 2


def test_looking_up_does_not_wait_for_the_answer():
    waiting: Deferred[tuple[str, ...]] = Deferred()

    async def slow(host: str) -> tuple[str, ...]:
        return await waiting

    found = ensureDeferred(Resolver(slow, Clock().seconds).addresses("carrier"))
    assert not found.called
    waiting.callback(("192.0.2.7",))
    assert found.called
