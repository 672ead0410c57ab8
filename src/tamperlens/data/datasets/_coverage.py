"""COVERAGE: 100 photographs with similar but genuine objects, and a copy-move of each.

`image/1.tif` is the photograph, `image/1t.tif` its forgery and `mask/1forged.tif` the pasted area
(`1copy.tif` and `1paste.tif` mark the duplicated and the covered region).

Reference: B. Wen et al., "COVERAGE: a novel database for copy-move forgery detection" (2016).
"""

import re
from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import by_stem, images_in, require

_NAME = re.compile(r"(\d+)(t?)$")


def find_coverage(root: Path) -> list[Sample]:
    """List COVERAGE's images, photographs first, each part in the order of their numbers.

    Args:
        root: folder that holds `image` and `mask` as published, or `Au`, `Tp` and `Gt`.

    Raises:
        DatasetError: there are no images with the published names.
    """
    masks = by_stem(images_in(root / "mask"), "forged") | by_stem(images_in(root / "Gt"), "t")
    images = [path for part in ("image", "Au", "Tp") for path in images_in(root / part)]
    named = [(match, path) for path in images if (match := _NAME.match(path.stem))]
    require(named, root, "COVERAGE is laid out as image/ (1.tif, 1t.tif) and mask/ (1forged.tif)")
    named.sort(key=lambda pair: (pair[0][2], int(pair[0][1])))
    return [
        Sample(path, True, "copy-move", frozenset({match[1]}), masks.get(match[1]))
        if match[2]
        else Sample(path, False, "authentic", frozenset({match[1]}))
        for match, path in named
    ]
