"""Columbia Uncompressed Image Splicing: 183 authentic and 180 spliced images, TIFF or BMP.

`4cam_splc/canong3_nikond70_sub_01.tif` joins photographs of two cameras;
`4cam_splc/edgemask/canong3_nikond70_sub_01_edgemask.jpg` shows one in green, the other in red. Names give the
cameras but not the photographs, so `sources` stay empty: divide this set by near-duplicates.

Reference: Y.-F. Hsu, S.-F. Chang, "Detecting image splicing using geometry invariants and camera
characteristics consistency" (2006).
"""

from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import by_stem, images_in, require


def find_columbia(root: Path) -> list[Sample]:
    """List Columbia's images, authentic ones first, each part sorted by name.

    Args:
        root: folder that holds `4cam_auth` and `4cam_splc`.

    Raises:
        DatasetError: one of the two holds no image.
    """
    authentic, spliced = images_in(root / "4cam_auth"), images_in(root / "4cam_splc")
    require(authentic and spliced, root, "Columbia is laid out as 4cam_auth/ and 4cam_splc/edgemask/")
    masks = by_stem(images_in(root / "4cam_splc" / "edgemask"), "_edgemask")
    return [Sample(path, False, "authentic") for path in authentic] + [
        Sample(path, True, "splicing", mask=masks.get(path.stem), mask_colour="green") for path in spliced
    ]
