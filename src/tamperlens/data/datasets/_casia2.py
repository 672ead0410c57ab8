"""CASIA v2.0: 7,491 authentic and 5,123 tampered images, JPEG, TIFF and BMP of 240 × 160 to 900 × 600.

File names give the sources: `Tp_D_CND_M_N_ani00018_sec00096_00138.tif` was composed of `Au_ani_00018.jpg` and
`Au_sec_00096.jpg`. The publisher ships `Au` and `Tp`; the masks are N. T. Pham's, in `CASIA 2 Groundtruth`.
Some of their names differ from the image's; those are paired by the number at the end.

Reference: J. Dong, W. Wang, T. Tan, "CASIA image tampering detection evaluation database" (2013).
"""

import re
from collections import defaultdict
from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import images_in, inner, require

_AUTHENTIC = re.compile(r"Au_([a-z]+)_?(\d+)", re.IGNORECASE)
_TAMPERED = re.compile(r"Tp_([DS])_\w+?_([a-z]+\d+)_([a-z]+\d+)_(\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"_(\d{4,5})(?:_gt\d?)?$", re.IGNORECASE)
_KINDS = {"D": "splicing", "S": "copy-move"}


def find_casia2(root: Path) -> list[Sample]:
    """List CASIA2's images, authentic ones first, each part sorted by name.

    Args:
        root: folder that holds `Au` and `Tp` and, for masks, `CASIA 2 Groundtruth`, `Groundtruth` or `Gt`;
                either part may be missing, but not both.

    Raises:
        DatasetError: there are no images with the published names.
    """
    mask_of = _Masks(images_in(inner(root, "CASIA 2 Groundtruth", "Groundtruth", "groundtruth", "Gt")))
    authentic = [
        Sample(path, False, "authentic", frozenset({f"{match[1]}{match[2]}".lower()}))
        for path in images_in(root / "Au")
        if (match := _AUTHENTIC.match(path.stem))
    ]
    tampered = [
        Sample(path, True, _KINDS[match[1].upper()], frozenset({match[2].lower(), match[3].lower()}),
               mask_of(path))
        for path in images_in(root / "Tp")
        if (match := _TAMPERED.match(path.stem))
    ]  # fmt: skip
    require(authentic + tampered, root, "CASIA2 is laid out as Au/, Tp/ and 'CASIA 2 Groundtruth/'")
    return authentic + tampered


class _Masks:
    """Pair by name, or by a number that only one mask has."""

    def __init__(self, masks: list[Path]) -> None:
        self._by_name = {re.sub(r"_gt\d?$", "", path.stem).lower(): path for path in masks}
        self._by_number: dict[str, list[Path]] = defaultdict(list)
        for path in masks:
            if match := _NUMBER.search(path.stem):
                self._by_number[match[1]].append(path)

    def __call__(self, image: Path) -> Path | None:
        if image.stem.lower() in self._by_name:
            return self._by_name[image.stem.lower()]
        match = _NUMBER.search(image.stem)
        candidates = self._by_number[match[1]] if match else []
        return candidates[0] if len(candidates) == 1 else None
