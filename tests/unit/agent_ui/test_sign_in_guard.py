"""Guessing passwords is slowed down, by address and by user name."""

from agent_ui.logins.guard import Attempt, SignInGuard


def attempts(
    guard: SignInGuard, count: int, address: str = "192.0.2.1", username: str = "alice"
) -> list[int]:
    return [guard.wait_for(Attempt(address, username)) for _ in range(count)]


def test_the_sixth_attempt_on_a_user_from_one_address_has_to_wait() -> None:
    waits = attempts(SignInGuard(), 6)
    assert waits[:5] == [0] * 5
    assert 1 <= waits[5] <= 300


def test_another_address_is_not_held_up_by_the_first() -> None:
    guard = SignInGuard()
    attempts(guard, 6)
    assert attempts(guard, 1, address="192.0.2.2") == [0]


def test_one_address_cannot_try_many_users() -> None:
    guard = SignInGuard()
    waits = [guard.wait_for(Attempt("192.0.2.1", f"user{number}")) for number in range(21)]
    assert waits[:20] == [0] * 20
    assert waits[20] > 0


def test_many_addresses_together_cannot_guess_one_users_password_for_ever() -> None:
    guard = SignInGuard()
    waits = [guard.wait_for(Attempt(f"192.0.2.{number}", "alice")) for number in range(51)]
    assert waits[:50] == [0] * 50
    assert waits[50] > 0


def test_who_got_in_starts_afresh() -> None:
    guard = SignInGuard()
    attempts(guard, 4)
    guard.succeeded(Attempt("192.0.2.1", "alice"))
    assert attempts(guard, 5) == [0] * 5


def test_the_case_of_a_user_name_makes_no_difference() -> None:
    guard = SignInGuard()
    attempts(guard, 5)
    assert guard.wait_for(Attempt("192.0.2.1", " ALICE ")) > 0


def test_addresses_of_one_ipv6_subscriber_count_as_one() -> None:
    guard = SignInGuard()
    waits = [guard.wait_for(Attempt(f"2001:db8:0:1::{number:x}", "alice")) for number in range(6)]
    assert waits[5] > 0
    assert guard.wait_for(Attempt("2001:db8:0:2::1", "alice")) == 0
