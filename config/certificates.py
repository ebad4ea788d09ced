"""The certificate for SIP over TLS and secure WebSocket: read and checked, and made for a first try.

A pair is a certificate chain and its private key, both PEM files. The self-signed pair lets phones and browsers
connect at once, after somebody has told them to trust it; a real one replaces it in the same two files.
"""

import ipaddress
import os
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import gethostname
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from config.settings import Settings

_VALID = timedelta(days=825)
"""Some clients take no longer ones, even when they were told to trust it."""
_KEY_BITS = 2048
"""RSA: desk phones that know no other keys are still about."""

Key = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey


class CertificateError(Exception):
    """A certificate or key cannot be used; the message names the file."""

    id = "certificate.unusable"


@dataclass(frozen=True)
class Pair:
    """A certificate chain, our own first, and the private key of the first."""

    chain: tuple[x509.Certificate, ...]
    key: Key
    path: Path

    @property
    def expires(self) -> datetime:
        """When our own certificate ceases to be valid."""
        return self.chain[0].not_valid_after_utc

    @property
    def is_self_signed(self) -> bool:
        """Whether nobody else vouches for it."""
        return self.chain[0].issuer == self.chain[0].subject

    def problem(self, now: datetime) -> str | None:
        """Why clients will not take it now, if so; names the file."""
        own = self.chain[0]
        if now >= own.not_valid_after_utc:
            return f"{self.path}: the certificate has expired on {own.not_valid_after_utc:%Y-%m-%d}"
        if now < own.not_valid_before_utc:
            return f"{self.path}: the certificate is not valid before {own.not_valid_before_utc:%Y-%m-%d}"
        return None


def read_pair(certificate: Path, key: Path) -> Pair:
    """Read both files. Raises CertificateError when one cannot be read, or they do not belong together."""
    try:
        chain = tuple(x509.load_pem_x509_certificates(_content(certificate)))
    except ValueError as error:
        raise CertificateError(f"{certificate} holds no certificate in PEM form: {error}") from None
    try:
        private = load_pem_private_key(_content(key), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CertificateError(
            f"{key} holds no private key in PEM form without a password: {error}"
        ) from None
    if not isinstance(private, Key):
        raise CertificateError(f"{key} holds a key of a kind that TLS does not use: RSA or EC is wanted")
    if _public_bytes(private) != _public_bytes(chain[0]):
        raise CertificateError(f"the key in {key} does not belong to the certificate in {certificate}")
    return Pair(chain, private, certificate)


def make_if_missing(settings: Settings) -> bool:
    """Make a self-signed pair where the settings name one, when neither file is there; whether it was made."""
    certificate, key = settings.sip.tls_certificate, settings.sip.tls_key
    if certificate.exists() or key.exists():
        return False
    private = generate_private_key(65537, _KEY_BITS)
    made = _self_signed(private, own_names(settings), datetime.now(UTC))
    plain = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        _write(key, plain, 0o600)
        _write(certificate, made.public_bytes(Encoding.PEM), 0o644)
    except OSError as error:
        raise CertificateError(f"{error.filename or key} cannot be written: {error.strerror}") from None
    return True


def own_names(settings: Settings) -> tuple[str, ...]:
    """Names and addresses by which this machine is called, as far as it knows."""
    told = (
        settings.sip.advertised_address,
        urlsplit(settings.webrtc.ws_url).hostname or "",
        urlsplit(settings.web.public_url).hostname or "",
        gethostname(),
    )
    return tuple(dict.fromkeys(("localhost", "127.0.0.1", "::1", *filter(None, told))))


def _self_signed(key: RSAPrivateKey, names: tuple[str, ...], now: datetime) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Comptoir (self-signed)")])
    usage = x509.KeyUsage(
        digital_signature=True, key_encipherment=True, content_commitment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode())


def _public_bytes(of: Key | x509.Certificate) -> bytes:
    return of.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CertificateError(f"{path} cannot be read: {error.strerror}") from None


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write whole, then give it its name: nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as out:
        out.write(content)
    draft.replace(path)
