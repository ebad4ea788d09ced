"""`comptoir doctor`: looks at everything that a call needs and says what to do."""

import argparse
from collections.abc import Iterator

from config.doctor.addresses import check_addresses
from config.doctor.certificate import check_certificate
from config.doctor.database import check_database
from config.doctor.finding import Finding, Verdict
from config.doctor.machine import check_machine
from config.doctor.media import check_media
from config.doctor.ports import check_ports
from config.doctor.versions import check_versions
from config.doctor.voices import check_voices
from config.settings import Settings


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `doctor`."""
    parser = commands.add_parser("doctor", help="check this machine and the installation")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace, settings: Settings) -> int:
    """Print every finding; return 1 when something will not work."""
    worst = 0
    for finding in findings(settings):
        print(_line(finding), flush=True)
        worst = max(worst, int(finding.verdict is Verdict.FAILURE))
    return worst


def findings(settings: Settings) -> Iterator[Finding]:
    """Run every check."""
    yield from check_versions()
    yield from check_media(settings)
    yield from check_ports(settings)
    yield from check_addresses(settings)
    yield from check_certificate(settings)
    yield from check_database(settings)
    yield from check_voices(settings)
    yield from check_machine(settings)


def _line(finding: Finding) -> str:
    line = f"{finding.verdict.value:<8} {finding.subject}: {finding.found}"
    return f"{line}\n{'':<8} -> {finding.advice}" if finding.advice else line
