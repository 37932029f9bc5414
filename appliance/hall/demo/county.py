"""The county of a demo: a key that only the demo's own process has, and what it can open with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import NameOID

FILE = "county.crt"
LASTS = timedelta(days=30)


class DemoCounty:
    """A county that does not exist. The key is made anew for each demo and never written."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hall demo county")])
        now = datetime.now(UTC)
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=True,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        self._certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self._key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + LASTS)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )

    def write_certificate(self, folder: Path) -> Path:
        """Put the certificate where the hall finds it; answers the file."""
        file = folder / FILE
        file.write_bytes(self._certificate.public_bytes(Encoding.PEM))
        return file

    def open(self, sealed: bytes) -> bytes:
        """What is in a sealed file; ValueError when it is not for this county."""
        return pkcs7.pkcs7_decrypt_der(sealed, self._certificate, self._key, [])
