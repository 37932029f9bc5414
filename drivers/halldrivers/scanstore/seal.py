"""Sealing a finished material so that only the county can open it.

The default is what any CMS tool opens, with the county's private key and nothing of ours::

    openssl cms -decrypt -inform DER -in <sha256>.p7m -recip county.crt -inkey county.key -out material.pdf

CMS EnvelopedData (RFC 5652 section 6): the content under a fresh AES-256 key (CBC), that key under the
county's RSA key (PKCS #1 v1.5). A county that demands SM2 and SM4 gets another :class:`Sealer`; nothing else
changes. With a wrong private key a tool may answer noise instead of an error: what opened well begins %PDF.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from halldrivers.errors import Fault
from halldrivers.scanstore.certificate import date_warning, parse_certificate, read_certificate, utc_now

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


class Sealer(Protocol):
    """Seals bytes for one key of the county."""

    @property
    def sealing(self) -> str:
        """How, in a word that the county can look up."""
        ...

    def fingerprint(self) -> str:
        """Names the key in the hall's log."""
        ...

    def seal(self, data: bytes) -> bytes:
        """The sealed bytes; each time others."""
        ...

    def warning(self) -> Fault | None:
        """What a person should know though sealing works."""
        ...


SealerSource = Callable[[], Sealer]
"""Loads the sealer each time one is needed, so that a new certificate counts from the next material on.

Raises CertificateMissing, CertificateBad, CertificatePrivate or CertificateUnfit.
"""


class CmsSealer:
    """Seals for an X.509 certificate with an RSA key."""

    sealing = "cms-rsa-aes256cbc"

    def __init__(self, certificate: Certificate, now: Callable[[], datetime] = utc_now) -> None:
        self._certificate, self._now = certificate, now

    @classmethod
    def of(cls, data: bytes, name: str = "certificate", now: Callable[[], datetime] = utc_now) -> CmsSealer:
        """For a certificate in PEM or DER."""
        return cls(parse_certificate(data, name), now)

    def fingerprint(self) -> str:
        """``sha256:`` and the certificate's SHA-256, as ``openssl x509 -fingerprint -sha256`` shows it."""
        from cryptography.hazmat.primitives.hashes import SHA256

        return f"sha256:{self._certificate.fingerprint(SHA256()).hex()}"

    def seal(self, data: bytes) -> bytes:
        """CMS in DER."""
        from cryptography.hazmat.primitives.ciphers.algorithms import AES256
        from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

        builder = pkcs7.PKCS7EnvelopeBuilder().set_data(data).add_recipient(self._certificate)
        builder = builder.set_content_encryption_algorithm(AES256)
        # Binary: without it line ends would be made CRLF, and a PDF is no text.
        return builder.encrypt(Encoding.DER, [pkcs7.PKCS7Options.Binary])

    def warning(self) -> Fault | None:
        """Whether its dates are past, or not yet come."""
        return date_warning(self._certificate, self._now())


class CertificateFile:
    """A SealerSource: the county's certificate in a file, read each time."""

    def __init__(self, path: Path, now: Callable[[], datetime] = utc_now) -> None:
        self._path, self._now = path, now

    def __call__(self) -> Sealer:
        """The sealer for the certificate as it lies there now."""
        return CmsSealer(read_certificate(self._path), self._now)
