"""A second factor besides the password: time-based codes (TOTP, RFC 6238), and recovery codes.

The secret is needed to check a code, so it cannot be hashed. It is encrypted with a key that is stored next
to the database, so that nobody can compute codes from a copy of the database alone. A code is accepted once:
its time step is stored, and codes of that step or earlier ones are refused from then on.
"""

import hmac
import io
import os
import secrets
import time
from pathlib import Path

import pyotp
import segno
import sqlalchemy as sa
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy.orm import Session

from tamperlens.errors import ServiceError
from tamperlens.service._settings import Settings
from tamperlens.service._tables import Factor, RecoveryCode, now
from tamperlens.service.people.visitors import secret_hash

FACTOR_KEY = "factor.key"
_ISSUER = "Tamperlens"
_STEP_SECONDS = 30
# Time steps by which a clock may be off.
_DRIFT = (-1, 0, 1)
_RECOVERY_CODES = 10
_RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no characters that look alike


def begin(session: Session, settings: Settings, user_id: str) -> str:
    """A new secret for an account, base32; in effect once a code from it was entered."""
    secret = pyotp.random_base32()
    session.merge(
        Factor(user_id=user_id, sealed=_box(settings).encrypt(secret.encode()).decode(), last_step=0)
    )
    return secret


def confirmed(session: Session, user_id: str) -> Factor | None:
    """The factor that an account must use, if any."""
    factor = session.get(Factor, user_id)
    return factor if factor and factor.confirmed_at else None


def takes(session: Session, settings: Settings, factor: Factor, code: str) -> bool:
    """Whether a code is right and unused; it then counts as used."""
    step = _step_of(_secret(settings, factor), code)
    if step is None:
        return False
    used = sa.update(Factor).where(Factor.user_id == factor.user_id, Factor.last_step < step)
    return session.execute(used.values(last_step=step).returning(Factor.user_id)).one_or_none() is not None


def takes_recovery(session: Session, user_id: str, code: str) -> bool:
    """Whether a recovery code is right; it is then deleted."""
    hashed = secret_hash(_plain(code))
    used = sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.hash == hashed)
    return session.execute(used.returning(RecoveryCode.hash)).one_or_none() is not None


def confirm(session: Session, factor: Factor) -> list[str]:
    """Put the factor into effect; returns its recovery codes, of which only hashes are stored."""
    factor.confirmed_at = now()
    return fresh_recovery_codes(session, factor.user_id)


def fresh_recovery_codes(session: Session, user_id: str) -> list[str]:
    """New recovery codes, which replace the existing ones."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_recovery_code() for _ in range(_RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, hash=secret_hash(_plain(code))) for code in codes)
    return codes


def recovery_codes_left(session: Session, user_id: str) -> int:
    """Number of unused recovery codes."""
    left = sa.select(sa.func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return session.scalar(left) or 0


def forget(session: Session, user_id: str) -> bool:
    """Remove the factor from an account; False if it has none."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    gone = sa.delete(Factor).where(Factor.user_id == user_id).returning(Factor.confirmed_at)
    return session.execute(gone).scalar_one_or_none() is not None


def address(secret: str, name: str) -> str:
    """The address for an authenticator, which begins with otpauth://."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=_ISSUER)


def qr_code(settings: Settings, factor: Factor, name: str) -> bytes:
    """The address as a QR code, SVG; drawn here, because the secret must not go to another service."""
    drawn = io.BytesIO()
    code = segno.make(address(_secret(settings, factor), name), error="m", micro=False)
    code.save(drawn, kind="svg", scale=5, dark="#000", light="#fff")
    return drawn.getvalue()


def _step_of(secret: str, code: str) -> int | None:
    """The time step that a code belongs to; None if it is wrong."""
    totp, present, given = pyotp.TOTP(secret), int(time.time()) // _STEP_SECONDS, "".join(code.split())
    for step in (present + drift for drift in _DRIFT):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given.encode()):
            return step
    return None


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(16))
    return "-".join(letters[first : first + 4] for first in range(0, 16, 4))


def _plain(code: str) -> str:
    return "".join(code.replace("-", "").split()).lower()


def _secret(settings: Settings, factor: Factor) -> str:
    try:
        return _box(settings).decrypt(factor.sealed.encode()).decode()
    except InvalidToken as error:
        raise ServiceError(
            f"{FACTOR_KEY} is not the key that second factors were sealed with; restore it from the backup"
        ) from error


def _box(settings: Settings) -> Fernet:
    """Encrypts secrets; its key is made when it is first needed."""
    path = settings.home / FACTOR_KEY
    if not path.exists():
        _write_once(path, Fernet.generate_key())
    return Fernet(path.read_bytes())


def _write_once(path: Path, content: bytes) -> None:
    """Write a file unless it exists, complete and closed to other accounts, even if several processes try."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(part)
    except FileExistsError:
        pass
    finally:
        part.unlink()
