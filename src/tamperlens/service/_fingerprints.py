"""Perceptual fingerprints of pictures, and the registered originals that they match.

Reference:
    The common DCT hash: 32 × 32 gray values, the 8 × 8 lowest frequencies, each above their median or not.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from PIL import Image
from sqlalchemy.orm import Session

from tamperlens.service._tables import Evidence, Original, Picture

_SIDE, _KEPT = 32, 8
# Two pictures count as the same if at most this many of 64 bits differ; unrelated ones differ in about 32.
NEAR = 6


def perceptual_hash(pixels: NDArray[np.uint8]) -> str:
    """64 bits as 16 hexadecimal digits, similar for pictures that look alike.

    Args:
        pixels: (H, W, 3) uint8 RGB.
    """
    gray = Image.fromarray(pixels).convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    basis = _cosines()
    low = (basis @ np.asarray(gray, np.float64) @ basis.T).ravel()
    bits = low > np.median(low)
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"


def _cosines() -> NDArray[np.float64]:
    """The rows of the type-II cosine transform for the lowest frequencies."""
    frequency, place = np.arange(_KEPT)[:, None], np.arange(_SIDE)[None, :]
    return np.cos(np.pi * frequency * (2 * place + 1) / (2 * _SIDE))


class Known:
    """Fingerprints of pictures, against which one picture at a time is compared.

    Args:
        rows: key and fingerprint of each picture; pictures without a fingerprint are left out.
    """

    def __init__(self, rows: Iterable[Sequence[str | None]]) -> None:
        kept = [(key, int(digits, 16)) for key, digits in rows if key and digits]
        self._keys = [key for key, _ in kept]
        self._bits = np.array([bits for _, bits in kept], np.uint64)

    def near(self, fingerprint: str | None) -> dict[str, int]:
        """Key → differing bits, for the pictures that look like this one; empty without a fingerprint."""
        if fingerprint is None:
            return {}
        apart = np.bitwise_count(self._bits ^ np.uint64(int(fingerprint, 16)))
        return {self._keys[i]: int(apart[i]) for i in np.flatnonzero(apart <= NEAR)}


def lookalikes(rows: Iterable[Sequence[str | None]]) -> set[str]:
    """Keys of the pictures that look like another one in the list.

    Args:
        rows: key and fingerprint of each picture; pictures without a fingerprint match nothing.
    """
    kept = [(key, int(digits, 16)) for key, digits in rows if key and digits]
    distinct, which, many = np.unique(
        np.array([bits for _, bits in kept], np.uint64), return_inverse=True, return_counts=True
    )
    alike = (many > 1) | _alike(distinct)
    return {key for (key, _), found in zip(kept, alike[which], strict=True) if found}


def _alike(bits: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """For each of the distinct fingerprints, whether another one is near.

    Two that differ in at most `NEAR` bits are equal in at least one of `NEAR` + 1 bands, so only those that
    share a band are compared: each with its neighbours in the band, then with theirs, and so on, until a
    match is found or the band ends.
    """
    found = np.zeros(bits.size, np.bool_)
    edges = np.linspace(0, 64, NEAR + 2).astype(int)
    for low, high in pairwise(edges):
        band = (bits >> np.uint64(low)) & np.uint64(2 ** int(high - low) - 1)
        order = np.argsort(band, kind="stable")
        first = np.searchsorted(band[order], band[order], "left")
        last = np.searchsorted(band[order], band[order], "right") - 1
        left, step = np.flatnonzero(~found[order]), 1
        while left.size:
            below, above = left - step >= first[left], left + step <= last[left]
            for one, other in ((left[below], left[below] - step), (left[above], left[above] + step)):
                near = np.bitwise_count(bits[order[one]] ^ bits[order[other]]) <= NEAR
                found[order[one[near]]] = found[order[other[near]]] = True
            left, step = left[(below | above) & ~found[order[left]]], step + 1
    return found


def find_original(session: Session, picture: Picture) -> tuple[Original, int] | None:
    """The registered original that a picture equals, or otherwise looks most like."""
    exact = session.scalars(sa.select(Original).where(Original.sha256 == picture.sha256)).first()
    if exact:
        return exact, 0
    known = Known(session.execute(sa.select(Original.id, Original.perceptual)))
    near = known.near(picture.perceptual)
    closest = min(near, key=lambda key: (near[key], key), default=None)
    return (session.get_one(Original, closest), near[closest]) if closest else None


def match_known(session: Session, original: Original) -> None:
    """Match existing evidence with a new original, unless it already has an equally near match."""
    known = Known(session.execute(sa.select(Picture.sha256, Picture.perceptual)))
    for sha256, apart in (known.near(original.perceptual) | {original.sha256: 0}).items():
        further = sa.or_(Evidence.original_id.is_(None), Evidence.original_distance > apart)
        session.execute(
            sa.update(Evidence)
            .where(Evidence.sha256 == sha256, further)
            .values(original_id=original.id, original_distance=apart)
        )
