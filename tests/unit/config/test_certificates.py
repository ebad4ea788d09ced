"""The certificate's files: made for a first try, read, checked, and shown by the doctor."""

import ipaddress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from config.certificates import CertificateError, make_if_missing, read_pair
from config.doctor.certificate import check_certificate
from config.doctor.finding import Verdict
from config.settings import Settings, SipSettings, WebrtcSettings


def settings(folder: Path, **sip: object) -> Settings:
    given = SipSettings(tls_certificate=folder / "tls" / "sip.crt", tls_key=folder / "tls" / "sip.key", **sip)
    return replace(Settings(), sip=given, webrtc=WebrtcSettings(ws_url="wss://pbx.example/sip"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    found = settings(tmp_path_factory.mktemp("made"), advertised_address="198.51.100.7")
    assert make_if_missing(found)
    return found


def test_the_first_pair_is_self_signed_and_names_this_machine(made: Settings) -> None:
    pair = read_pair(made.sip.tls_certificate, made.sip.tls_key)
    names = pair.chain[0].extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    assert pair.is_self_signed and pair.problem(datetime.now(UTC)) is None
    assert {"localhost", "pbx.example"} <= set(names.get_values_for_type(x509.DNSName))
    addresses = ("127.0.0.1", "::1", "198.51.100.7")
    assert set(map(ipaddress.ip_address, addresses)) <= set(names.get_values_for_type(x509.IPAddress))


def test_only_its_owner_reads_the_key(made: Settings) -> None:
    assert made.sip.tls_key.stat().st_mode & 0o777 == 0o600
    assert made.sip.tls_key.parent.stat().st_mode & 0o777 == 0o700
    assert [path.name for path in sorted(made.sip.tls_key.parent.iterdir())] == ["sip.crt", "sip.key"]


def test_what_is_there_is_never_overwritten(made: Settings, tmp_path: Path) -> None:
    before = made.sip.tls_certificate.read_bytes()
    assert not make_if_missing(made)
    assert made.sip.tls_certificate.read_bytes() == before

    only_a_key = settings(tmp_path)
    only_a_key.sip.tls_key.parent.mkdir()
    only_a_key.sip.tls_key.write_bytes(made.sip.tls_key.read_bytes())
    assert not make_if_missing(only_a_key)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "tls").write_text("a file in its place")
    with pytest.raises(CertificateError, match="tls"):
        make_if_missing(settings(tmp_path))


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("sip.crt", None, "sip.crt cannot be read: No such file"),
        ("sip.key", None, "sip.key cannot be read: No such file"),
        ("sip.crt", b"rubbish", "sip.crt holds no certificate in PEM form"),
        ("sip.key", b"rubbish", "sip.key holds no private key in PEM form"),
        ("sip.key", "another", "does not belong to the certificate in .*sip.crt"),
    ],
)
def test_a_pair_that_cannot_be_used_names_the_file(
    made: Settings, tmp_path: Path, file: str, content: bytes | str | None, told: str
) -> None:
    broken = settings(tmp_path)
    broken.sip.tls_key.parent.mkdir()
    for name in ("sip.crt", "sip.key"):
        (tmp_path / "tls" / name).write_bytes((made.sip.tls_key.parent / name).read_bytes())
    path = tmp_path / "tls" / file
    if content is None:
        path.unlink()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        other = settings(tmp_path / "other")
        make_if_missing(other)
        path.write_bytes(other.sip.tls_key.read_bytes())
    with pytest.raises(CertificateError, match=told):
        read_pair(broken.sip.tls_certificate, broken.sip.tls_key)
    (finding,) = check_certificate(broken)
    assert finding.verdict is Verdict.FAILURE and "sip.tls_certificate" in finding.advice


@pytest.mark.parametrize(
    ("left", "verdict", "found"),
    [
        (800, Verdict.OK, "800 days left (self-signed"),
        (14, Verdict.WARNING, "14 days left (self-signed"),
        (-1, Verdict.FAILURE, "sip.crt: the certificate has expired"),
        (900, Verdict.FAILURE, "sip.crt: the certificate is not valid before"),
    ],
)
def test_the_doctor_counts_the_days(made: Settings, left: int, verdict: Verdict, found: str) -> None:
    expires = read_pair(made.sip.tls_certificate, made.sip.tls_key).expires
    (finding,) = check_certificate(made, expires - timedelta(days=left, hours=1))

    assert finding.verdict is verdict
    assert found in finding.found


def test_the_doctor_expects_no_certificate_before_the_first_start_or_without_tls(tmp_path: Path) -> None:
    (finding,) = check_certificate(settings(tmp_path))

    assert finding.verdict is Verdict.OK and "will be made" in finding.found
    assert list(check_certificate(settings(tmp_path, tls=False, ws=False))) == []
