"""Images that look alike, found by perceptual hash.

Reference: C. Zauner, "Implementation and benchmarking of perceptual image hash functions" (2010).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.errors import DatasetError, MissingExtraError

# Of 64 bits, this many may differ. In CMH, versions of a scene differ by 0 to 8, different scenes by 12 or
# more.
NEAR = 8
_BLOCK = 512


def perceptual_hash(image: Image.Image) -> int:
    """64-bit DCT hash of an opened image; a JPEG not yet loaded is decoded at an eighth if that is enough.

    Raises:
        MissingExtraError: imagehash is not installed.
    """
    try:
        import imagehash  # noqa: PLC0415 - belongs to the train extra; the room must import without it
    except ImportError:
        raise MissingExtraError("imagehash", "finding near-duplicates", "bench") from None
    image.draft("L", (64, 64))
    return int(str(imagehash.phash(image)), 16)


def near_pairs(hashes: Sequence[int], within: int = NEAR) -> list[tuple[int, int]]:
    """Pairs (i, j), i < j, of hashes that differ in at most `within` of 64 bits.

    >>> near_pairs([0b0000, 0b0011, 0b1111 << 32], within=2)
    [(0, 1)]
    """
    codes: NDArray[np.uint64] = np.array(hashes, dtype=np.uint64)
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(codes), _BLOCK):
        distance = np.bitwise_count(codes[start : start + _BLOCK, None] ^ codes[None, :])
        rows, columns = np.nonzero(distance <= within)
        pairs += [
            (start + int(i), int(j)) for i, j in zip(rows, columns, strict=True) if start + int(i) < int(j)
        ]
    return pairs


def look_alikes(paths: Sequence[Path]) -> dict[Path, frozenset[str]]:
    """For each image, the names without suffix of itself and of the images that look like it.

    Raises:
        DatasetError: an image cannot be read.
        MissingExtraError: imagehash is not installed.
    """
    names = [{path.stem} for path in paths]
    for i, j in near_pairs([_hash_file(path) for path in paths]):
        names[i].add(paths[j].stem)
        names[j].add(paths[i].stem)
    return {path: frozenset(alike) for path, alike in zip(paths, names, strict=True)}


def _hash_file(path: Path) -> int:
    try:
        with Image.open(path) as image:
            return perceptual_hash(image)
    except (OSError, SyntaxError, ValueError) as error:
        raise DatasetError(f"{path} cannot be read: {error}") from error
