"""The county's certificate: whether it is fit to seal for, looked at each time that it is used."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from halldrivers.errors import Fault
from halldrivers.scanstore.errors import (
    CertificateBad,
    CertificateExpired,
    CertificateMissing,
    CertificatePrivate,
    CertificateUnfit,
    as_warning,
)

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

LEAST_BITS = 2048
"""GB/T 39786 and every current profile forbid shorter RSA keys (from memory)."""
_LARGEST_FILE = 64 * 1024


def read_certificate(path: Path) -> Certificate:
    """The certificate in a file, PEM or DER. Raises CertificateMissing, and as :func:`parse_certificate`."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise CertificateMissing(f"{path}: {error.strerror}") from error
    return parse_certificate(data, str(path))


def parse_certificate(data: bytes, name: str) -> Certificate:
    """The certificate. Raises CertificateBad, CertificatePrivate or CertificateUnfit with the file's name."""
    from cryptography import x509

    if len(data) > _LARGEST_FILE:
        raise CertificateBad(f"{name}: more than {_LARGEST_FILE} bytes")
    if b"PRIVATE KEY-----" in data or _is_private_der(data):
        raise CertificatePrivate(name)
    try:
        if b"-----BEGIN" in data:
            found = x509.load_pem_x509_certificates(data)
        else:
            found = [x509.load_der_x509_certificate(data)]
    except ValueError as error:
        raise CertificateBad(f"{name}: no certificate in it", f"{name}：里面没有证书") from error
    if len(found) != 1:
        raise CertificateBad(
            f"{name}: {len(found)} certificates; leave only the one to seal for",
            f"{name}：有 {len(found)} 张证书，只保留用于加密的一张",
        )
    _check_key(found[0], name)
    return found[0]


def date_warning(certificate: Certificate, now: datetime) -> Fault | None:
    """What to say of its dates, if anything. ``now`` with its time zone; a Pi's clock may be wrong."""
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if begin <= now <= end:
        return None
    return as_warning(CertificateExpired(f"{begin:%Y-%m-%d} – {end:%Y-%m-%d}"))


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def _is_private_der(data: bytes) -> bool:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_der_private_key, pkcs12

    if not data.startswith(b"\x30"):
        return False
    try:
        load_der_private_key(data, None)
    except TypeError:  # it is one, under a password
        return True
    except (ValueError, UnsupportedAlgorithm):
        pass
    else:
        return True
    try:
        return pkcs12.load_key_and_certificates(data, None)[0] is not None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _check_key(certificate: Certificate, name: str) -> None:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import ExtensionNotFound, KeyUsage

    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CertificateUnfit(f"{name}: the key is of an unknown kind", f"{name}：密钥类型不支持") from error
    if not isinstance(key, RSAPublicKey):
        raise CertificateUnfit(f"{name}: not an RSA key", f"{name}：不是 RSA 密钥")
    if key.key_size < LEAST_BITS:
        raise CertificateUnfit(f"{name}: RSA {key.key_size}")
    try:
        usage = certificate.extensions.get_extension_for_class(KeyUsage).value
    except ExtensionNotFound:
        return
    except ValueError as error:
        raise CertificateBad(f"{name}: its extensions", f"{name}：扩展项") from error
    if not usage.key_encipherment:
        raise CertificateUnfit(f"{name}: its key usage lacks keyEncipherment", f"{name}：用途不含密钥加密")
