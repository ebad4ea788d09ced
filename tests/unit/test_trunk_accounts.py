"""The trunks' accounts in the media stack follow the catalog."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import ensureDeferred

from pbx.catalog import TrunkRow
from pbx.errors import Unreachable
from pbx.media.trunks import TrunkAccount
from pbx.sip.reachability import TrunkRoute
from pbx.trunk_accounts import TrunkAccounts

ACME = TrunkRow("acme", "Acme", "192.0.2.9", 5060, "UDP", (), "acme.test", "4711", "", True, "", 30)


class Media:
    """Notes what the media stack is asked for."""

    def __init__(self) -> None:
        self.done: list[tuple[str, str]] = []
        self.accounts: dict[str, TrunkAccount] = {}

    def add_trunk(self, account: TrunkAccount, changed: Callable[[bool], None]) -> None:
        self.done.append(("add", account.name))
        self.accounts[account.name] = account

    def remove_trunk(self, name: str) -> None:
        self.done.append(("remove", name))
        del self.accounts[name]


class Edge:
    """Knows a way to every trunk but the one called `lost`."""

    async def refresh_trunks(self) -> None:
        pass

    def trunk_route(self, trunk: str, number: str) -> TrunkRoute:
        if trunk == "lost":
            raise Unreachable("no such trunk")
        return TrunkRoute("sip:x", (f"<sip:{trunk};lr>",))


@pytest.fixture
def media() -> Media:
    return Media()


@pytest.fixture
def set_up(media: Media) -> Callable[..., None]:
    async def at_once(function: Callable[..., Any], *arguments: Any) -> Any:
        return function(*arguments)

    accounts: Any = TrunkAccounts(media, Edge(), "203.0.113.5", 5060, at_once, 5061)  # type: ignore[arg-type]

    def run(*rows: TrunkRow) -> None:
        failures: list[Any] = []
        ensureDeferred(accounts.set_up({row.id: row for row in rows})).addErrback(failures.append)
        assert not failures

    return run


def test_an_account_is_made_once_replaced_when_it_changes_and_removed(
    media: Media, set_up: Callable[..., None]
) -> None:
    set_up(ACME)
    set_up(ACME)
    assert media.done == [("add", "acme")]
    set_up(replace(ACME, port=5070))
    assert media.accounts["acme"].uri == "sip:192.0.2.9:5070"
    set_up()
    assert media.done == [("add", "acme"), ("add", "acme"), ("remove", "acme")]


def test_the_account_says_who_we_are_and_where_our_edge_is(media: Media, set_up: Callable[..., None]) -> None:
    set_up(ACME)
    account = media.accounts["acme"]
    assert (account.username, account.realm, account.register) == ("4711", "acme.test", True)
    assert account.contact == "sip:4711@203.0.113.5:5060" and account.route == ("<sip:acme;lr>",)


def test_a_carrier_over_tls_gets_encrypted_audio_and_calls_us_over_tls(
    media: Media, set_up: Callable[..., None]
) -> None:
    set_up(ACME, replace(ACME, id="safe", transport="TLS", port=5061))
    assert [media.accounts[name].profile for name in ("acme", "safe")] == ["plain", "secure"]
    assert media.accounts["safe"].contact == "sip:4711@203.0.113.5:5061;transport=tls"


def test_an_ipv6_carrier_is_written_in_brackets(media: Media, set_up: Callable[..., None]) -> None:
    set_up(replace(ACME, host="2001:db8::9"))
    assert media.accounts["acme"].uri == "sip:[2001:db8::9]:5060"


def test_a_new_password_in_the_same_file_is_taken_at_the_next_reload(
    media: Media, set_up: Callable[..., None], tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    for password in ("first\n", "second\n"):
        file.write_text(password)
        set_up(replace(ACME, password_file=str(file)))
        assert media.accounts["acme"].password == password.strip()


def test_a_trunk_that_cannot_be_set_up_keeps_no_other_out(
    media: Media, set_up: Callable[..., None], tmp_path: Path
) -> None:
    set_up(
        replace(ACME, id="lost"), replace(ACME, id="secretive", password_file=str(tmp_path / "gone")), ACME
    )
    assert list(media.accounts) == ["acme"]
