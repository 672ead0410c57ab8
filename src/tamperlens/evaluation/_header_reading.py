"""The header of a file as `Evidence`, without decoding its pixels at full size."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from tamperlens.data import perceptual_hash
from tamperlens.errors import DatasetError
from tamperlens.evidence import Evidence, read_metadata, read_orientation, read_structure, sniff


def read_header(path: Path) -> tuple[Evidence, int]:
    """Read what a file says apart from its pixels, and its perceptual hash.

    Returns:
        Evidence whose `pixels` have the right shape but are all 0, and the 64-bit hash; for the hash a JPEG
        is decoded at a fraction of its size.

    Raises:
        DatasetError: the file is missing, damaged or not an image.
        MissingExtraError: imagehash is not installed.
    """
    try:
        data = path.read_bytes()
        kind = sniff(data)
        if kind is None:
            raise DatasetError(f"{path} is not an image; `tamperlens data check` lists all such files")
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            structure = read_structure(image) if kind == "JPEG" else None
            metadata, orientation = read_metadata(image), read_orientation(image)
            width, height = image.size[::-1] if orientation >= 5 else image.size
            mode, code = image.mode, perceptual_hash(image)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise DatasetError(
            f"{path} cannot be read: {error}; `tamperlens data check` lists all such files"
        ) from error
    evidence = Evidence(
        name=path.name, data=data, sha256="", format=kind,
        pixels=np.broadcast_to(np.uint8(0), (height, width, 3)),  # takes no memory: nobody looks at them
        orientation=orientation, stored_mode=mode, metadata=metadata, jpeg=structure, frames=1,
        steps=(), warnings=(),
    )  # fmt: skip
    return evidence, code
