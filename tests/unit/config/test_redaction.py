"""No personal data in logs."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from twisted.logger import Logger

from config.logging import start_logging
from config.redaction import redact_field, redact_text
from config.settings import LoggingSettings


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("call from +33 6 12 34 56 78 ended", "call from [number] ended"),
        ("call from +351912345678", "call from [number]"),
        ("call from 0612345678", "call from [number]"),
        ("call 06 12 34 56 78 now", "call [number] now"),
        ("call (202) 555-0143 now", "call [number] now"),
        (
            "INVITE sip:marie.dupont@shop.example;transport=tcp",
            "INVITE sip:[user]@shop.example;transport=tcp",
        ),
        ("From: <sips:+3361234@[2001:db8::1]>", "From: <sips:[user]@[2001:db8::1]>"),
        ("dialled tel:+33612345678;ext=1", "dialled tel:[number];ext=1"),
        ('"GET /v1/cdr?number=%2B33612345678&limit=11"', '"GET /v1/cdr?number=[number]&limit=11"'),
        ("GET /find?by=marie.dupont%40shop.example", "GET /find?by=[e-mail]"),
        ("mail to marie.dupont+x@mail.shop.example sent", "mail to [e-mail] sent"),
        ("Authorization: Digest username=bob, response=abc", "Authorization: Digest [redacted]"),
        ("postgresql://shop:hunter2@db/shop", "postgresql://[redacted]@db/shop"),
    ],
)
def test_personal_data_is_taken_out_of_text(said: str, logged: str) -> None:
    assert redact_text(said) == logged


@pytest.mark.parametrize(
    "harmless",
    [
        "listening on 127.0.0.1:5060 and [::1]:5060",
        "at 2026-11-21T20:52:00.123Z",
        "contact 7f3c2d1e9b8a4f60a1b2c3d4e5f60718 queued",
        "took 1234 ms for 500 calls",
        "pjsua2-2.17 loaded",
        "503 Service Unavailable",
    ],
)
def test_harmless_text_stays_as_it_is(harmless: str) -> None:
    assert redact_text(harmless) == harmless


@pytest.mark.parametrize(
    "name", ["name", "phone", "caller", "Email", "customer_phone", "api_token", "digits"]
)
def test_a_sensitive_field_is_never_shown(name: str) -> None:
    assert redact_field(name, "anything") == "[redacted]"
    assert redact_field(name, 42) == "[redacted]"


def test_numbers_and_harmless_fields_pass() -> None:
    assert redact_field("bytes", 12345678) == 12345678
    assert redact_field("queue", "sales") == "sales"
    assert redact_field("detail", {"phone": "1", "port": 5060}) == {"phone": "[redacted]", "port": 5060}


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    out = io.StringIO()
    stop = start_logging(LoggingSettings(format="json"), "pbx", twisted=True, out=out)
    yield out
    stop()


def entries(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_standard_librarys_entries_are_redacted_lines(out: io.StringIO) -> None:
    log = logging.getLogger("pbx.calls")

    log.warning("from %s, %d bytes", "sip:bob@x.example", 12345678, extra={"caller": "Bob", "queue": "sales"})

    entry = entries(out)[-1]
    assert entry["text"] == "from sip:[user]@x.example, 12345678 bytes"
    assert entry["fields"] == {"caller": "[redacted]", "queue": "sales"}
    assert (entry["level"], entry["process"], entry["source"]) == ("warning", "pbx", "pbx.calls")


def test_twisteds_events_are_redacted_lines(out: io.StringIO) -> None:
    class Leg:
        uri = "sip:bob@x.example"

    Logger("pbx.sip").warn("{caller} at {leg.uri} on {port}", caller="Bob", leg=Leg(), port=5060)

    entry = entries(out)[-1]
    assert entry["text"] == "[redacted] at sip:[user]@x.example on 5060"
    assert (entry["level"], entry["source"]) == ("warning", "pbx.sip")


def test_tracebacks_are_written_and_redacted(out: io.StringIO) -> None:
    try:
        raise ValueError("bad number +33612345678")
    except ValueError:
        logging.getLogger("a").exception("failed")
        Logger("b").failure("failed too")

    for entry in entries(out)[-2:]:
        assert "ValueError" in str(entry["traceback"])
        assert "33612345678" not in str(entry)


def test_entries_below_the_level_are_left_out(out: io.StringIO) -> None:
    logging.getLogger("a").debug("quiet")
    Logger("b").debug("quiet")

    assert "quiet" not in out.getvalue()


def test_lines_for_people_show_fields_after_the_text() -> None:
    out = io.StringIO()
    stop = start_logging(LoggingSettings(), "web", out=out)

    logging.getLogger("agent_ui").info("ready", extra={"port": 8000, "state": "all good"})
    stop()
    logging.getLogger("agent_ui").warning("after the end")

    time, rest = out.getvalue().split(" ", 1)
    assert time.endswith("Z")
    assert rest == 'info    web agent_ui: ready port=8000 state="all good"\n'
