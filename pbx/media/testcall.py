"""`comptoir call`: places a test call as a SIP phone and prints what it heard, for smoke tests."""

import argparse
import getpass
import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from config.settings import Settings
from pbx import wav
from pbx.errors import PbxError
from pbx.media.sipclient import PhoneOptions, SipPhone

HEARD = -45.0
"""dB relative to full scale from which a second counts as speech."""
_NOT_ANSWERED, _NOTHING_HEARD = 1, 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What the call shall do: the number or SIP URI to call, for how long to listen, and which keys to press how
    many seconds after the answer."""

    target: str
    seconds: float = 10.0
    keys: tuple[tuple[float, str], ...] = ()
    answer_within: float = 30.0
    method: str = "rfc4733"


@dataclass(slots=True)
class Report:
    """What happened. Times are in seconds since the call was placed; levels in dB, one a second."""

    registered: bool | None = None
    rang_after: float | None = None
    answered_after: float | None = None
    levels: list[float] = field(default_factory=list)
    speech_seconds: int = 0
    ended_by: str = ""
    status: int = 0
    reason: str = ""

    @property
    def code(self) -> int:
        """The command's exit code."""
        if self.answered_after is None:
            return _NOT_ANSWERED
        return 0 if self.speech_seconds else _NOTHING_HEARD


class TestCall:
    """One call from start to end, driven by `run`."""

    __test__ = False  # not a test class

    def __init__(self, options: PhoneOptions, plan: Plan, now: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self._plan = plan
        self._now = now
        self._began = 0.0
        self._over = False
        self.report = Report()

    def run(self) -> Report:
        """Place the call and listen. Raises pjsua2's Error when the phone cannot be set up."""
        phone = SipPhone(self._options, self._hear_event)
        try:
            with tempfile.TemporaryDirectory() as work:
                self._register(phone)
                self._call(phone, Path(work) / "heard.wav")
        finally:
            phone.close()
        return self.report

    def _register(self, phone: SipPhone) -> None:
        if self._options.register:
            self._poll(phone, lambda: self.report.registered is not None, 10.0)

    def _call(self, phone: SipPhone, heard: Path) -> None:
        plan, self._began = self._plan, self._now()
        call = phone.call(plan.target)
        self._poll(phone, lambda: self.report.answered_after is not None, plan.answer_within)
        if self.report.answered_after is not None:
            phone.record(call, str(heard))
            self._listen(phone, call)
        if not self._over:
            self.report.ended_by = "us"
            phone.hang_up(call)
            self._poll(phone, lambda: False, 2.0)
        phone.record_stop(call)
        phone.poll(200)
        self._measure(heard)

    def _listen(self, phone: SipPhone, call: int) -> None:
        began = self._now()
        for at, keys in sorted(self._plan.keys):
            self._poll(phone, lambda: False, began + at - self._now())
            if self._over:
                return
            phone.digits(call, keys, self._plan.method)
        self._poll(phone, lambda: False, began + self._plan.seconds - self._now())

    def _poll(self, phone: SipPhone, done: Callable[[], bool], seconds: float) -> None:
        deadline = self._now() + seconds
        while not self._over and not done() and self._now() < deadline:
            phone.poll(10)

    def _hear_event(self, event: dict[str, Any]) -> None:
        report, since = self.report, self._now() - self._began
        match event["event"]:
            case "registered":
                report.registered = 200 <= event["status"] < 300
            case "ringing" if report.rang_after is None:
                report.rang_after = round(since, 3)
            case "answered":
                report.answered_after = round(since, 3)
            case "ended":
                self._over = True
                report.ended_by = report.ended_by or "the other side"
                report.status, report.reason = event["status"], event["reason"]

    def _measure(self, heard: Path) -> None:
        try:
            self.report.levels = [round(level, 1) for level in wav.levels(heard)]
        except (OSError, PbxError):
            self.report.levels = []
        self.report.speech_seconds = sum(level > HEARD for level in self.report.levels)


def describe(report: Report) -> str:
    """The report for a person."""
    lines = []
    if report.registered is not None:
        lines.append("Registered." if report.registered else "Registration was refused.")
    if report.rang_after is not None:
        lines.append(f"Rang after {report.rang_after:.2f} s.")
    if report.answered_after is None:
        lines.append("Not answered.")
    else:
        lines.append(f"Answered after {report.answered_after:.2f} s.")
        lines.append(
            "Level each second, in dB: " + (" ".join(f"{one:.0f}" for one in report.levels) or "none")
        )
        lines.append(f"Something was heard in {report.speech_seconds} of {len(report.levels)} seconds.")
    lines.append(f"Ended by {report.ended_by or 'nobody'}: {report.status} {report.reason}".rstrip() + ".")
    return "\n".join(lines)


def command(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `comptoir call`."""
    parser = subparsers.add_parser("call", help="place a test call and print what it heard")
    parser.add_argument("target", help="a number, or a SIP URI")
    parser.add_argument(
        "--server", metavar="ADDRESS:PORT", help="the SIP server; default: this machine's edge"
    )
    parser.add_argument("--user", default="test", help="call as this SIP user")
    parser.add_argument(
        "--password-file", type=Path, metavar="FILE", help="the SIP user's password; - asks for it"
    )
    parser.add_argument("--tcp", action="store_true", help="use TCP")
    parser.add_argument("--seconds", type=float, default=10.0, help="listen for so long (default 10)")
    parser.add_argument("--keys", action="append", default=[], metavar="SECONDS:KEYS", type=_keys)
    parser.add_argument("--info", action="store_true", help="send keys as SIP INFO instead of RFC 4733")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(run=run)


def _keys(value: str) -> tuple[float, str]:
    seconds, colon, keys = value.partition(":")
    try:
        at = float(seconds)
    except ValueError:
        at = -1.0
    if not colon or at < 0 or not keys or set(keys.upper()) - set("0123456789*#ABCD"):
        raise argparse.ArgumentTypeError(f"{value!r} is not SECONDS:KEYS, such as 3:1 or 5.5:42#")
    return at, keys.upper()


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """Run `comptoir call`: 0 when something was heard, 1 without an answer, 3 when answered with silence."""
    server = arguments.server or f"127.0.0.1:{settings.sip.port}"
    password = _password(arguments.password_file)
    target = arguments.target if ":" in arguments.target else f"sip:{arguments.target}@{server}"
    options = PhoneOptions(
        username=arguments.user,
        password=password,
        server=server,
        transport="tcp" if arguments.tcp else "udp",
        register=bool(password),
        clock_rate=8000,
    )
    method = "info" if arguments.info else "rfc4733"
    plan = Plan(target, arguments.seconds, tuple(arguments.keys), method=method)
    report = TestCall(options, plan).run()
    print(json.dumps(asdict(report)) if arguments.json else describe(report), file=sys.stdout)
    return report.code


def _password(file: Path | None) -> str:
    if file is None:
        return ""
    return getpass.getpass("Password: ") if str(file) == "-" else file.read_text().strip()
