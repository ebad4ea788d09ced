from pbx.sip.bans import Bans
from pbx.sip.edge_settings import GuardSettings

HOST = "198.51.100.7"


def bans(**changed):
    values = {"ban_after": 3, "ban_address_after": 5, "ban_window": 100.0, "ban_first": 60.0} | changed
    return Bans(GuardSettings(**values))


def test_failures_ban_the_name_at_that_address_and_nowhere_else():
    some = bans()
    assert some.failed(HOST, "ana", 0.0) == some.failed(HOST, "ana", 1.0) == ()
    assert [(ban.address, ban.user) for ban in some.failed(HOST, "ana", 2.0)] == [(HOST, "ana")]
    assert some.is_banned(HOST, 3.0, "ana")
    assert not some.is_banned(HOST, 3.0, "bea")
    assert not some.is_banned("198.51.100.8", 3.0, "ana")
    assert not some.is_banned(HOST, 3.0)


def test_failures_of_many_names_ban_the_address():
    some = bans()
    caused = [ban for at in range(5) for ban in some.failed(HOST, f"user{at}", float(at))]
    assert [(ban.address, ban.user) for ban in caused] == [(HOST, "")]
    assert some.is_banned(HOST, 5.0)


def test_a_ban_ends_and_the_next_one_is_twice_as_long_up_to_the_longest():
    some, now, seen = bans(ban_longest=200.0), 0.0, []
    for _ in range(4):
        for _ in range(3):
            caused = some.failed(HOST, "ana", now)
        seen.append(next(ban.seconds for ban in caused if ban.user))
        now += seen[-1] + 101
        assert not some.is_banned(HOST, now, "ana")
    assert seen == [60.0, 120.0, 200.0, 200.0]


def test_failures_outside_the_window_do_not_count():
    some = bans()
    assert [some.failed(HOST, "ana", at) for at in (0.0, 99.0, 199.5)] == [(), (), ()]


def test_a_right_login_forgives_the_name_but_not_the_address():
    some = bans()
    for at in range(5):
        caused = some.failed(HOST, "ana", float(at))
        some.succeeded(HOST, "ana")
    assert [(ban.address, ban.user) for ban in caused] == [(HOST, "")]


def test_bans_are_listed_and_can_be_lifted():
    some = bans()
    for _ in range(3):
        some.failed("2001:db8::1", "ana", 0.0)
    assert [(ban.address, ban.user) for ban in some.list(1.0)] == [("2001:db8::/64", "ana")]
    assert some.is_banned("2001:db8::ffff", 1.0, "ana")
    assert some.lift("2001:db8::/64", "ana")
    assert not some.lift("2001:db8::/64", "ana")
    assert some.list(1.0) == () and not some.is_banned("2001:db8::1", 1.0, "ana")
