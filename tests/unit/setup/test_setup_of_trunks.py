"""`comptoir trunk`: what it sets up, and what it refuses in which words."""

from pathlib import Path

import pytest
from console import Console


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "acme"
    path.write_text("open sesame")
    return path


def test_a_trunk_is_set_whole_each_time(console: Console, secret: Path) -> None:
    said = console(
        *("trunk", "set", "acme", "--host", "sip.acme.example", "--port", "5070", "--transport", "TCP"),
        *("--addresses", "192.0.2.1", "198.51.100.7/24", "--username", "4711", "--realm", "acme.example"),
        *("--password-file", secret, "--register", "--caller", "+33142000000", "--calls", "8"),
    )
    assert said.code == 0 and "The trunk acme leads to sip.acme.example." in said.out
    row = console.rows("select * from trunk")[0]
    assert (row["host"], row["port"], row["transport"]) == ("sip.acme.example", 5070, "TCP")
    assert row["addresses"] == '["192.0.2.1", "198.51.100.0/24"]'
    assert (row["username"], row["realm"], row["register"]) == ("4711", "acme.example", 1)
    assert (row["caller"], row["max_calls"], row["enabled"]) == ("+33142000000", 8, 1)
    assert row["password_file"] == str(secret) and "sesame" not in str(row)
    assert console("trunk", "list").out.splitlines()[1].split() == [
        *("acme", "sip.acme.example", "5070", "TCP", "yes", "+33142000000")
    ]

    console("trunk", "set", "acme", "--host", "192.0.2.9")
    (row,) = console.rows("select * from trunk")
    assert (row["host"], row["port"], row["register"], row["caller"]) == ("192.0.2.9", 5060, 0, "")


def test_a_trunk_over_tls_has_its_usual_port(console: Console) -> None:
    console("trunk", "set", "acme", "--host", "sip.acme.example", "--transport", "TLS")
    console("trunk", "set", "other", "--host", "sip.acme.example", "--transport", "TLS", "--port", "5070")
    rows = console.rows("select transport, port from trunk order by id")
    assert [(row["transport"], row["port"]) for row in rows] == [("TLS", 5061), ("TLS", 5070)]


def test_the_password_s_file_is_found_wherever_the_service_runs(
    console: Console, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(secret.parent)
    console("trunk", "set", "acme", "--host", "192.0.2.9", "--username", "u", "--password-file", secret.name)
    assert console.rows("select password_file from trunk")[0]["password_file"] == str(secret)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("acme",), "the following arguments are required: --host"),
        (("a cme", "--host", "h"), "use letters, digits"),
        (("acme", "--host", "sip:user@h"), "write its name or address alone"),
        (("acme", "--host", ""), "write its name or address alone"),
        (("acme", "--host", "h", "--port", "0"), "0 is no number from 1 to 65535"),
        (("acme", "--host", "h", "--port", "99999"), "99999 is no number from 1 to 65535"),
        (("acme", "--host", "h", "--calls", "-1"), "-1 is no number from 1"),
        (
            ("acme", "--host", "h", "--addresses", "carrier"),
            "carrier is no address or network, such as 192.0.2.1",
        ),
        (("acme", "--host", "h", "--transport", "WS"), "invalid choice: 'WS'"),
        (("acme", "--host", "h", "--register"), "Registering needs --username and --password-file."),
        (
            ("acme", "--host", "h", "--register", "--username", "u"),
            "Registering needs --username and --password-file.",
        ),
        (("acme", "--host", "h", "--password-file", "/nowhere/x"), "There is no file /nowhere/x."),
    ],
)
def test_a_trunk_that_could_not_work_is_refused(console: Console, words: tuple[str, ...], told: str) -> None:
    said = console("trunk", "set", *words)
    assert said.code != 0 and told in said.err
    assert console.rows("select * from trunk") == []


def test_a_trunk_is_removed_once(console: Console) -> None:
    console("trunk", "set", "acme", "--host", "192.0.2.9")
    assert "The trunk acme is used no more." in console("trunk", "remove", "acme").out
    assert console("trunk", "remove", "acme").err == "comptoir: There is no trunk acme.\n"
