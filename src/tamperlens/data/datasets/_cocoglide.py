"""CocoGlide: 512 images of MS COCO (256 × 256) in which GLIDE repainted an object.

`real/dining table_114871.png`, `fake/glide_inpainting_val2017_114871_up.png` and
`mask/dining table_114871_mask.png` belong together: names differ, COCO's number pairs them.

Reference: F. Guillaro et al., "TruFor: leveraging all-round clues for trustworthy image forgery detection and
localization" (2023).
"""

import re
from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import images_in, require

_NUMBER = re.compile(r"_(\d+)(?:_up|_mask)?$")


def find_cocoglide(root: Path) -> list[Sample]:
    """List CocoGlide's images, authentic ones first, each part ordered by COCO's numbers.

    Args:
        root: folder that holds `real`, `fake` and `mask`.

    Raises:
        DatasetError: `fake` holds no images with the published names.
    """
    real, fake, masks = (_by_number(root / part) for part in ("real", "fake", "mask"))
    require(fake, root, "CocoGlide is laid out as real/, fake/ (glide_inpainting_val2017_N_up.png) and mask/")
    return [Sample(path, False, "authentic", frozenset({number})) for number, path in real.items()] + [
        Sample(path, True, "ai-edit", frozenset({number}), masks.get(number)) for number, path in fake.items()
    ]


def _by_number(folder: Path) -> dict[str, Path]:
    found = {match[1]: path for path in images_in(folder) if (match := _NUMBER.search(path.stem))}
    return dict(sorted(found.items(), key=lambda pair: int(pair[0])))
