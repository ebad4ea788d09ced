"""A page's credential for the SIP edge."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pbx.contract.browser_token import BrowserIdentity, TokenExpired, TokenRefused, issue, read

SECRET = "a secret"
GUEST = BrowserIdentity("guest", "v-1", expires_at=1000, site="demo", customer="c-9", language="fr")


def test_what_was_issued_is_read_back() -> None:
    assert read(issue(GUEST, SECRET), SECRET, now=999.9) == GUEST


def test_its_time_ends() -> None:
    with pytest.raises(TokenExpired):
        read(issue(GUEST, SECRET), SECRET, now=1000)


def test_another_secret_or_none_proves_nothing() -> None:
    token = issue(GUEST, SECRET)
    for secret in ("another", ""):
        with pytest.raises(TokenRefused):
            read(token, secret, now=0)
    with pytest.raises(ValueError, match="secret"):
        issue(GUEST, "")


@given(st.integers(0, 400), st.characters(codec="ascii"))
def test_no_character_can_be_changed(at: int, character: str) -> None:
    token = issue(GUEST, SECRET)
    at %= len(token)
    changed = token[:at] + character + token[at + 1 :]
    if changed != token:
        with pytest.raises(TokenRefused):
            read(changed, SECRET, now=0)


@given(st.text(max_size=2000))
def test_no_text_raises_anything_else(text: str) -> None:
    with pytest.raises(TokenRefused):
        read(text, SECRET, now=0)
