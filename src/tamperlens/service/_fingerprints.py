"""Fingerprints of what a picture shows, and the registered originals that they match.

Reference:
    The common DCT hash: 32 × 32 gray, the 8 × 8 lowest frequencies, each above their median or not.
"""

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy.orm import Session

from tamperlens.service._tables import Evidence, Original, Picture

_SIDE, _KEPT = 32, 8
# Differing bits of 64 up to which two pictures are taken for the same; unrelated ones differ in about 32.
NEAR = 6


def perceptual_hash(pixels: NDArray[np.uint8]) -> str:
    """64 bits as 16 hexadecimal digits, alike for pictures that look alike.

    Args:
        pixels: (H, W, 3) uint8 RGB.
    """
    gray = Image.fromarray(pixels).convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    basis = _cosines()
    low = (basis @ np.asarray(gray, np.float64) @ basis.T).ravel()
    bits = low > np.median(low)
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def _cosines() -> NDArray[np.float64]:
    """The lowest rows of the type II cosine transform."""
    frequency, place = np.arange(_KEPT)[:, None], np.arange(_SIDE)[None, :]
    return np.cos(np.pi * frequency * (2 * place + 1) / (2 * _SIDE))


def distance(one: str, other: str) -> int:
    """How many bits differ.

    >>> distance("000000000000000f", "0000000000000001")
    3
    """
    return (int(one, 16) ^ int(other, 16)).bit_count()


def find_original(session: Session, picture: Picture) -> tuple[Original, int] | None:
    """The registered original that a picture equals, or else looks most like."""
    exact = session.scalars(sa.select(Original).where(Original.sha256 == picture.sha256)).first()
    if exact:
        return exact, 0
    if picture.perceptual is None:
        return None
    known = session.execute(
        sa.select(Original.id, Original.perceptual).where(Original.perceptual.is_not(None))
    )
    near = [(distance(picture.perceptual, prints), key) for key, prints in known if prints]
    closest = min(near, default=(NEAR + 1, ""))
    return (session.get_one(Original, closest[1]), closest[0]) if closest[0] <= NEAR else None


def match_known(session: Session, original: Original) -> None:
    """Tell the evidence that is here already of a fresh original, unless it has a match as near."""
    pictures = session.execute(sa.select(Picture.sha256, Picture.perceptual))
    for sha256, prints in pictures.all():
        apart = 0 if sha256 == original.sha256 else _apart(prints, original.perceptual)
        if apart <= NEAR:
            further = sa.or_(Evidence.original_id.is_(None), Evidence.original_distance > apart)
            session.execute(
                sa.update(Evidence)
                .where(Evidence.sha256 == sha256, further)
                .values(original_id=original.id, original_distance=apart)
            )


def _apart(one: str | None, other: str | None) -> int:
    return distance(one, other) if one and other else NEAR + 1
