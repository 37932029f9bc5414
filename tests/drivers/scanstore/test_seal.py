"""Sealing: what the county opens with any CMS tool, and which certificates are taken."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from halldrivers.scanstore.errors import (
    CertificateBad,
    CertificateMissing,
    CertificatePrivate,
    CertificateUnfit,
    StoreError,
)
from halldrivers.scanstore.seal import CertificateFile, CmsSealer

NOW = datetime(2026, 6, 1, tzinfo=UTC)
DATA = b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"line\nline\r\n"


def test_the_county_opens_what_was_sealed(county: Any) -> None:
    sealed = CmsSealer.of(county.pem).seal(DATA)
    assert county.unseal(sealed) == DATA
    assert b"%PDF" not in sealed


def test_the_same_bytes_are_sealed_otherwise_each_time(county: Any) -> None:
    sealer = CmsSealer.of(county.pem)
    assert sealer.seal(DATA) != sealer.seal(DATA)


def test_another_key_does_not_open_it(county: Any, kit: Any) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    other = type(county)(key, kit.make_certificate(key))
    try:
        opened = other.unseal(CmsSealer.of(county.pem).seal(DATA))
    except ValueError:
        return
    # OpenSSL answers a wrong key with noise rather than an error, so that nobody learns from its answers.
    assert b"PDF" not in opened[:9] and opened != DATA


def key_file(county: Any, folder: Path) -> Path:
    path = folder / "county.key"
    path.write_bytes(county.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return path


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed on this machine")
def test_openssl_opens_a_finished_material(real: Any, county: Any, tmp_path: Path, kit: Any) -> None:
    scan = real.scanned(1, 2).finish()
    (tmp_path / "county.crt").write_bytes(county.pem)
    sealed, out = real.root / "sealed" / f"{scan.sha256}.p7m", tmp_path / "material.pdf"
    command = [
        "openssl",
        "cms",
        "-decrypt",
        "-inform",
        "DER",
        "-in",
        sealed,
        "-recip",
        tmp_path / "county.crt",
    ]
    subprocess.run(
        [*command, "-inkey", key_file(county, tmp_path), "-out", out], check=True, capture_output=True
    )
    assert out.read_bytes() == county.unseal(sealed.read_bytes())
    assert out.read_bytes().startswith(b"%PDF-1.7")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed on this machine")
def test_openssl_sees_aes_256_and_the_same_fingerprint(real: Any, county: Any, tmp_path: Path) -> None:
    scan = real.scanned(1).finish()
    sealed = real.root / "sealed" / f"{scan.sha256}.p7m"
    shown = subprocess.run(
        ["openssl", "cms", "-cmsout", "-print", "-inform", "DER", "-in", sealed],
        capture_output=True,
        check=True,
    ).stdout.decode(errors="replace")
    assert "pkcs7-envelopedData" in shown and "aes-256-cbc" in shown and "rsaEncryption" in shown
    (tmp_path / "county.crt").write_bytes(county.pem)
    shown = subprocess.run(
        ["openssl", "x509", "-in", tmp_path / "county.crt", "-noout", "-fingerprint", "-sha256"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert scan.sealed_for == "sha256:" + shown.partition("=")[2].strip().replace(":", "").lower()
    assert scan.sealing == "cms-rsa-aes256cbc"


def test_a_certificate_may_be_pem_or_der(county: Any) -> None:
    der = county.certificate.public_bytes(Encoding.DER)
    assert CmsSealer.of(der).fingerprint() == CmsSealer.of(county.pem).fingerprint()


def test_words_before_a_pem_are_allowed(county: Any) -> None:
    assert CmsSealer.of("Bag Attributes: 县\n".encode() + county.pem).fingerprint()


def failure(data: bytes) -> StoreError:
    with pytest.raises(StoreError) as told:
        CmsSealer.of(data, "county.crt")
    assert "county.crt" in str(told.value)
    return told.value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"\x30\x03\x02\x01\x00",
        b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ],
)
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    assert type(failure(data)) is CertificateBad


def test_two_certificates_are_one_too_many(county: Any) -> None:
    assert "2 certificates" in str(failure(county.pem * 2))


def test_a_file_without_end_is_refused() -> None:
    assert type(failure(bytes(70_000))) is CertificateBad


def test_a_private_key_is_refused_in_every_form(county: Any) -> None:
    secret = BestAvailableEncryption(b"secret")
    for encoding in (Encoding.PEM, Encoding.DER):
        for encryption in (NoEncryption(), secret):
            data = county.key.private_bytes(encoding, PrivateFormat.PKCS8, encryption)
            assert type(failure(data)) is CertificatePrivate
    old = county.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    assert type(failure(county.pem + old)) is CertificatePrivate
    bag = pkcs12.serialize_key_and_certificates(
        b"county", county.key, county.certificate, None, NoEncryption()
    )
    assert type(failure(bag)) is CertificatePrivate


def test_a_short_key_is_refused(kit: Any) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    assert "RSA 1024" in str(failure(kit.make_certificate(key).public_bytes(Encoding.PEM)))


def test_a_key_that_is_not_rsa_is_refused(kit: Any) -> None:
    certificate = kit.make_certificate(ec.generate_private_key(ec.SECP256R1()))
    error = failure(certificate.public_bytes(Encoding.PEM))
    assert type(error) is CertificateUnfit and "not an RSA key" in str(error)


def test_a_key_that_is_for_signing_only_is_refused(county: Any, kit: Any) -> None:
    certificate = kit.make_certificate(county.key, usage=False)
    assert "keyEncipherment" in str(failure(certificate.public_bytes(Encoding.PEM)))


def test_a_certificate_that_says_nothing_of_its_use_is_taken(county: Any, kit: Any) -> None:
    CmsSealer(kit.make_certificate(county.key, usage=None)).seal(b"x")
    CmsSealer.of(kit.make_certificate(county.key, usage=None).public_bytes(Encoding.PEM))


@pytest.mark.parametrize(("days", "warns"), [(0, False), (364, False), (366, True), (-2, True)])
def test_a_certificate_out_of_its_dates_warns_and_seals(county: Any, days: int, warns: bool) -> None:
    sealer = CmsSealer.of(county.pem, now=lambda: NOW + timedelta(days=days))
    warning = sealer.warning()
    assert (warning is not None) is warns
    if warning is not None:
        assert (warning.code, warning.blocking, warning.who) == ("L-05", False, "technician")
        assert "2026-05-31 – 2027-06-01" in warning.what_en
    assert county.unseal(sealer.seal(DATA)) == DATA


def test_a_certificate_file_is_read_each_time(county: Any, kit: Any, tmp_path: Path) -> None:
    path = tmp_path / "county.crt"
    source = CertificateFile(path, lambda: NOW)
    with pytest.raises(CertificateMissing, match=r"county\.crt: No such file"):
        source()
    path.write_bytes(county.pem)
    assert source().fingerprint() == CmsSealer.of(county.pem).fingerprint()
    path.write_bytes(kit.make_certificate(county.key, days=(-9, 9)).public_bytes(Encoding.PEM))
    assert source().fingerprint() != CmsSealer.of(county.pem).fingerprint()
    path.unlink()
    with pytest.raises(CertificateMissing):
        source()


def test_a_broken_curve_is_no_program_error(kit: Any) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert type(failure(data)) is CertificatePrivate


def test_another_way_of_sealing_takes_its_place(world: Any, kit: Any) -> None:
    class Sm2(kit.ToySealer):
        sealing = "cms-sm2-sm4"

        def fingerprint(self) -> str:
            return "sm3:00"

    world.sealer = Sm2
    scan = world.scanned(1).finish()
    assert (scan.sealing, scan.sealed_for) == ("cms-sm2-sm4", "sm3:00")
