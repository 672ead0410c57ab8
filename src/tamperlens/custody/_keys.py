"""Keys: Ed25519, in PEM files that OpenSSL reads and writes."""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from tamperlens.errors import CustodyError


def make_key(path: Path, passphrase: str = "") -> Ed25519PrivateKey:
    """Write a new private key, closed to other accounts, and its public half next to it as `.pub`.

    Raises:
        CustodyError: one of the files already exists, or cannot be written.
    """
    public = path.with_name(path.name + ".pub")
    if public.exists():
        raise CustodyError(f"{public} exists already; a key is never overwritten")
    key = Ed25519PrivateKey.generate()
    locked: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked)
    _write_new(path, secret, 0o600)
    _write_new(public, public_pem(key.public_key()), 0o644)
    return key


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:  # noqa: PTH123 - with its mode from the first moment
            file.write(content)
    except FileExistsError:
        raise CustodyError(f"{path} exists already; a key is never overwritten") from None
    except OSError as error:
        raise CustodyError(f"{path} cannot be written: {error.strerror}") from error


def load_key(path: Path, passphrase: str = "") -> Ed25519PrivateKey:
    """Read a private key.

    Raises:
        CustodyError: it is unreadable, not an Ed25519 key, or the passphrase is wrong.
    """
    try:
        key = load_pem_private_key(_read(path), passphrase.encode() if passphrase else None)
    except TypeError:
        raise CustodyError(f"{path}: {_PASSPHRASES[bool(passphrase)]}") from None
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CustodyError(f"{path} is not a private key in PEM, or the passphrase is wrong") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise CustodyError(
            f"{path} is another kind of key; expected Ed25519: make one with 'tamperlens keygen'"
        )
    return key


_PASSPHRASES = {
    False: "this key has a passphrase; give it in TAMPERLENS_PASSPHRASE",
    True: "this key has no passphrase; unset TAMPERLENS_PASSPHRASE",
}


def load_public_key(path: Path) -> Ed25519PublicKey:
    """Read a public key that the caller trusts."""
    return parse_public_key(_read(path), str(path))


def parse_public_key(pem: bytes, what: str) -> Ed25519PublicKey:
    """A public key from PEM.

    Raises:
        CustodyError: it is unreadable, or another type of key.
    """
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise CustodyError(f"{what} is not a public key in PEM") from error
    if not isinstance(key, Ed25519PublicKey):
        raise CustodyError(f"{what} is another kind of key; expected Ed25519")
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The public key as PEM."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 of the public key's DER, hexadecimal; short enough to be read over the telephone."""
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()


def is_signed(key: Ed25519PublicKey, signature: bytes, message: bytes) -> bool:
    """Whether the holder of the private half signed this message."""
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(1 << 16)
    except OSError as error:
        raise CustodyError(f"the key {path} cannot be read: {error.strerror}") from error
