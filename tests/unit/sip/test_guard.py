import pytest

from pbx.sip.edge_settings import GuardSettings
from pbx.sip.guard import Load, Urgency, urgency_of
from pbx.sip.sources import Sources, source_key


@pytest.mark.parametrize(
    ("data", "urgency"),
    [
        (b"SIP/2.0 200 OK\r\n", Urgency.IN_DIALOG),
        (b"BYE sip:a SIP/2.0\r\n", Urgency.IN_DIALOG),
        (b"CANCEL sip:a SIP/2.0\r\n", Urgency.IN_DIALOG),
        (b"INVITE sip:a SIP/2.0\r\nTo: <sip:a>\r\nFrom: <sip:b>;tag=1\r\n", Urgency.INVITE),
        (b"INVITE sip:a SIP/2.0\r\nTo: <sip:a>;x=1 ; TAG = 2\r\n", Urgency.IN_DIALOG),
        (b"INVITE sip:a SIP/2.0\r\nt:<sip:a>;tag=2\r\n", Urgency.IN_DIALOG),
        (b"REGISTER sip:a SIP/2.0\r\n", Urgency.REGISTER),
        (b"OPTIONS sip:a SIP/2.0\r\n", Urgency.OTHER),
        (b"", Urgency.OTHER),
        (b"\x00\xff" * 30, Urgency.OTHER),
    ],
)
def test_a_message_s_urgency_shows_in_its_first_bytes(data, urgency):
    assert urgency_of(data) is urgency


def admitted(load: Load, urgency: Urgency, now: float, most: int = 1000) -> int:
    return next((count for count in range(most) if not load.admits(urgency, now)), most)


def test_the_less_urgent_is_refused_first_and_dialogs_never():
    load = Load(GuardSettings(new_rate=200.0), 0.0)
    assert admitted(load, Urgency.OTHER, 0.0) == 51
    assert admitted(load, Urgency.REGISTER, 0.0) == 25
    assert admitted(load, Urgency.INVITE, 0.0) == 24
    assert admitted(load, Urgency.IN_DIALOG, 0.0) == 1000
    assert admitted(load, Urgency.INVITE, 0.1) == 20


def test_at_twice_the_rate_the_whole_rate_is_served_and_dialogs_besides():
    load = Load(GuardSettings(new_rate=200.0), 0.0)
    admitted(load, Urgency.INVITE, 0.0)
    served = sum(load.admits(Urgency.INVITE, step / 400) for step in range(4000))
    assert 0.99 * 2000 <= served <= 2000
    assert all(load.admits(Urgency.IN_DIALOG, 10.0) for _ in range(1000))


def test_refusals_are_bounded_too():
    load = Load(GuardSettings(new_rate=200.0), 0.0)
    assert sum(load.answers() for _ in range(500)) == 100


def test_a_reactor_that_falls_behind_takes_less_and_recovers():
    load = Load(GuardSettings(new_rate=200.0), 0.0)
    admitted(load, Urgency.INVITE, 0.0)
    for _ in range(20):
        load.lagged(1.0)
    assert admitted(load, Urgency.INVITE, 0.4) == 8
    for _ in range(30):
        load.lagged(0.0)
    assert admitted(load, Urgency.INVITE, 0.5) in (19, 20)


def test_a_source_is_an_ipv4_address_or_an_ipv6_64():
    assert source_key("192.0.2.1") == "192.0.2.1"
    assert source_key("2001:db8::1") == source_key("2001:db8::ffff:1") == "2001:db8::/64"
    assert source_key("2001:db8:0:1::1") != source_key("2001:db8::1")
    assert source_key("::ffff:192.0.2.1") == "192.0.2.1"


def test_a_source_s_bucket_fills_at_its_rate():
    source = Sources(burst=5.0).of("192.0.2.1", 0.0)
    assert [source.take(10.0, 5.0, 0.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert [source.take(10.0, 5.0, 0.2) for _ in range(3)] == [True, True, False]


def test_a_source_may_be_sent_what_it_has_sent_until_it_is_verified():
    source = Sources(burst=5.0).of("192.0.2.1", 0.0)
    source.received(100)
    assert not source.spend(101, 0.0)
    assert source.spend(60, 0.0) and not source.spend(41, 0.0) and source.spend(40, 0.0)
    source.verified(0.0)
    assert source.spend(10_000, 3599.0)
    assert not source.spend(1, 3601.0)


def test_only_so_many_sources_are_remembered_and_the_longest_silent_goes_first():
    sources = Sources(burst=5.0, capacity=2)
    first = sources.of("192.0.2.1", 0.0)
    second = sources.of("192.0.2.2", 0.0)
    assert sources.of("192.0.2.1", 1.0) is first
    sources.of("192.0.2.3", 2.0)
    assert sources.of("192.0.2.1", 3.0) is first
    assert sources.of("192.0.2.2", 3.0) is not second
