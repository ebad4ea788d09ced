import pytest

from pbx.sip.nonces import Nonces

SECRET = b"s" * 32


@pytest.fixture
def nonces():
    return Nonces(SECRET, "shop", lifetime=300, born=1000.0)


def test_a_nonce_is_fresh_for_its_lifetime_and_expired_after(nonces):
    nonce = nonces.issue(1000.0)
    assert nonces.standing(nonce, 1000.0) == "fresh"
    assert nonces.standing(nonce, 1299.0) == "fresh"
    assert nonces.standing(nonce, 1302.0) == "expired"


def test_a_nonce_of_another_realm_or_secret_or_a_changed_one_is_foreign(nonces):
    nonce = nonces.issue(1000.0)
    assert Nonces(SECRET, "other").standing(nonce, 1000.0) == "foreign"
    assert Nonces(b"t" * 32, "shop").standing(nonce, 1000.0) == "foreign"
    for place in range(len(nonce)):
        changed = nonce[:place] + ("A" if nonce[place] != "A" else "B") + nonce[place + 1 :]
        assert nonces.standing(changed, 1000.0) == "foreign"
    assert nonces.standing("", 1000.0) == "foreign"
    assert nonces.standing("é" * 24, 1000.0) == "foreign"


def test_a_count_is_used_once_except_by_the_same_transmission(nonces):
    nonce = nonces.issue(1000.0)
    assert nonces.use(nonce, 1, "branch-1")
    assert nonces.use(nonce, 1, "branch-1")
    assert not nonces.use(nonce, 1, "branch-2")
    assert nonces.use(nonce, 2, "branch-2")


def test_a_count_that_was_overtaken_is_accepted_once_and_a_long_past_one_never(nonces):
    nonce = nonces.issue(1000.0)
    assert nonces.use(nonce, 3, "c")
    assert nonces.use(nonce, 2, "b")
    assert not nonces.use(nonce, 2, "x")
    for count in range(4, 40):
        assert nonces.use(nonce, count, str(count))
    assert not nonces.use(nonce, 1, "a")
    assert not nonces.use(nonce, 4, "4")


def test_what_was_issued_before_this_process_began_is_expired():
    before = Nonces(SECRET, "shop", born=900.0).issue(990.0)
    assert Nonces(SECRET, "shop", born=1000.0).standing(before, 1001.0) == "expired"


def test_a_forgotten_nonce_expires_instead_of_being_accepted_again():
    nonces = Nonces(SECRET, "shop", born=1000.0, capacity=2)
    first, second, third = (nonces.issue(1000.0 + second) for second in range(3))
    for nonce in (first, second, third):
        assert nonces.use(nonce, 1, "a")
    assert nonces.standing(first, 1003.0) == "expired"
    assert nonces.standing(second, 1003.0) == "fresh"
    assert not nonces.use(second, 1, "b")
