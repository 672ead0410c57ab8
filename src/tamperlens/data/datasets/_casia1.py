"""CASIA v1.0: 800 authentic and 920 tampered JPEG images of 384 × 256.

File names give the sources: `Sp_S_NRN_R_ani0097_ani0097_0254.jpg` was copied within `Au_ani_0097.jpg`,
`Sp_D_…_ani0062_sec0095_0279.jpg` was composed of two photographs. The masks are unofficial.

Reference: J. Dong, W. Wang, T. Tan, "CASIA image tampering detection evaluation database" (2013).
"""

import re
from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.errors import DatasetError

_AUTHENTIC = re.compile(r"Au_([a-z]+)_(\d+)\.jpe?g$", re.IGNORECASE)
_TAMPERED = re.compile(r"Sp_([DS])_\w+?_([a-z]+\d+)_([a-z]+\d+)[._]\d+\.jpe?g$", re.IGNORECASE)
_KINDS = {"D": "splicing", "S": "copy-move"}


def find_casia1(root: Path) -> list[Sample]:
    """List CASIA1's images, authentic ones first, each part sorted by name.

    Args:
        root: folder that holds `Au`, `Sp` and, for masks, `Gt`; or, as unpacked, `Tp` or `Modified Tp` and
            `CASIA 1.0 groundtruth`, with folders in them.

    Raises:
        DatasetError: a folder is missing or holds no image of the published naming.
    """
    spliced, truth = _first(root, "Sp", "Tp", "Modified Tp"), _first(root, "Gt", "CASIA 1.0 groundtruth")
    for part, folder in (("Au", root / "Au"), ("Sp", spliced)):
        if not folder.is_dir():
            raise DatasetError(f"{root} has no folder '{part}'; CASIA1 is laid out as Au/, Sp/ and Gt/")
    masks = {path.stem.removesuffix("_gt"): path for path in sorted(truth.rglob("*_gt.png"))}
    authentic = [
        Sample(path, False, "authentic", frozenset({f"{match[1]}{match[2]}".lower()}))
        for path, match in _matching(root / "Au", _AUTHENTIC)
    ]
    tampered = [
        Sample(path, True, _KINDS[match[1]], frozenset({match[2].lower(), match[3].lower()}),
               masks.get(path.stem))
        for path, match in _matching(spliced, _TAMPERED)
    ]  # fmt: skip
    if not authentic or not tampered:
        raise DatasetError(f"{root} holds no images named as CASIA1 names them (Au_ani_0001.jpg, Sp_D_….jpg)")
    return authentic + tampered


def _first(root: Path, *names: str) -> Path:
    return next((root / name for name in names if (root / name).is_dir()), root / names[0])


def _matching(folder: Path, pattern: re.Pattern[str]) -> list[tuple[Path, re.Match[str]]]:
    found = [(path, pattern.match(path.name)) for path in sorted(folder.rglob("*"))]
    return [(path, match) for path, match in found if match]
