"""CMH: 108 realistic copy-moves, some with rotation and scaling, of about one megapixel.

Scenes repeat under names that do not show it. So scenes are found by perceptual hash, and an image's
`sources` are its own name and those of the images that look like it.

Reference: E. Silva et al., "Going deeper into copy-move forgery detection" (2015).
"""

from pathlib import Path

from tamperlens.data._near_duplicates import look_alikes
from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import by_stem, images_in, require


def find_cmh(root: Path) -> list[Sample]:
    """List CMH's images, authentic ones first where there are any, each part sorted by name.

    Args:
        root: folder that holds `Tp`, for masks `Gt` and, if any, authentic images in `Au`; masks are named
            like the image, with or without `_gt`.

    Raises:
        DatasetError: `Tp` holds no image.
        MissingExtraError: imagehash is not installed.
    """
    authentic, tampered = images_in(root / "Au"), images_in(root / "Tp")
    require(tampered, root, "CMH is read from Tp/ and Gt/")
    masks = images_in(root / "Gt")
    mask_of = by_stem(masks) | by_stem(masks, "_gt")
    sources = look_alikes(authentic + tampered)
    return [Sample(path, False, "authentic", sources[path]) for path in authentic] + [
        Sample(path, True, "copy-move", sources[path], mask_of.get(path.stem)) for path in tampered
    ]
