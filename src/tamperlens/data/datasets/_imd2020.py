"""IMD2020, real-life part: 2,010 manipulated images from the Internet and their 414 originals.

Each folder holds the versions of one photograph: `1a1ogs/1a1ogs_orig.jpg`, `1a1ogs/c8tf5mq_0.png` and
`1a1ogs/c8tf5mq_0_mask.png`. What was done is not recorded, so all are of kind "mixed".

Reference: A. Novozámský, B. Mahdian, S. Saic, "IMD2020: a large-scale annotated dataset tailored for
detecting manipulated images" (2020).
"""

from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import by_stem, images_in, inner, require


def find_imd2020(root: Path) -> list[Sample]:
    """List IMD2020's images, originals first, each part sorted by folder and name.

    Args:
        root: folder that holds one folder per photograph, or one that holds it as `IMD2020`.

    Raises:
        DatasetError: no folder holds an image named `…_orig`.
    """
    root = inner(root, "IMD2020")
    original: list[Sample] = []
    altered: list[Sample] = []
    for folder in sorted(path for path in root.glob("*") if path.is_dir()):
        images = images_in(folder)
        masks = by_stem(images, "_mask")
        for path in images:
            if path.stem.endswith("_orig"):
                original.append(Sample(path, False, "authentic", frozenset({folder.name})))
            elif path not in masks.values():
                altered.append(
                    Sample(path, True, "mixed", frozenset({folder.name}), masks.get(path.stem), "any")
                )
    require(
        original, root, "IMD2020 is laid out as 1a1ogs/1a1ogs_orig.jpg, 1a1ogs/c8tf5mq_0.png, …_0_mask.png"
    )
    return original + altered
