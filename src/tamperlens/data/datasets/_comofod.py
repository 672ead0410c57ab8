"""CoMoFoD: copy-moves of 200 photographs (512 × 512), each also in 24 processed versions.

One folder holds `001_O.png` (original), `001_F.png` (forged), `001_B.png` (binary mask), `001_M.png` (mask
in colours) and blurred, darkened, re-saved … versions: `001_F_JC1.jpg`, `001_O_JC1.jpg`.

Reference: D. Tralic et al., "CoMoFoD: new database for copy-move forgery detection" (2013).
"""

import re
from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import images_in, inner, require

_NAME = re.compile(r"(\d{3})_([OFB])(_[A-Z]{2}\d)?$")


def find_comofod(root: Path) -> list[Sample]:
    """List CoMoFoD's images with their processed versions, originals first, each part sorted by name.

    Args:
        root: folder of the images, or one that holds it as `CoMoFoD_small_v2`.

    Raises:
        DatasetError: there are no images with the published names.
    """
    images = images_in(inner(root, "CoMoFoD_small_v2", "CoMoFoD_small"))
    named = [(match, path) for path in images if (match := _NAME.match(path.stem))]
    masks = {match[1]: path for match, path in named if match[2] == "B"}
    original = [
        Sample(path, False, "authentic", frozenset({match[1]})) for match, path in named if match[2] == "O"
    ]
    forged = [
        Sample(path, True, "copy-move", frozenset({match[1]}), masks.get(match[1]))
        for match, path in named
        if match[2] == "F"
    ]
    require(original + forged, root, "CoMoFoD is one folder of 001_O.png, 001_F.png, 001_B.png …")
    return original + forged
