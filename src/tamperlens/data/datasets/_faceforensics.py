"""FaceForensics++: faces swapped or re-enacted in 1,000 videos, with masks of the altered face.

The publisher ships videos; its `extract_compressed_videos.py` writes their frames next to them as
`manipulated_sequences/Deepfakes/c23/images/000_003/0000.png`, masks as
`manipulated_sequences/Deepfakes/masks/images/000_003/0000.png` and originals as
`original_sequences/youtube/c23/images/000/0000.png`. `000_003` shows video 000 with a face from video 003.

Reference: A. Rössler et al., "FaceForensics++: learning to detect manipulated facial images" (2019).
"""

from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import by_stem, images_in, require

_KINDS = {
    "DeepFakeDetection": "face-swap",
    "Deepfakes": "face-swap",
    "Face2Face": "face-reenactment",
    "FaceShifter": "face-swap",
    "FaceSwap": "face-swap",
    "NeuralTextures": "face-reenactment",
}


def find_faceforensics(root: Path) -> list[Sample]:
    """List the frames of FaceForensics++, original ones first, each part sorted by path.

    Args:
        root: folder that holds `original_sequences` and `manipulated_sequences`.

    Raises:
        DatasetError: no frames; perhaps the videos were not extracted.
    """
    original = [
        Sample(path, False, "authentic", frozenset({clip.name}))
        for clip in sorted((root / "original_sequences").glob("*/*/images/*"))
        for path in images_in(clip)
    ]
    altered = [
        sample
        for method in sorted(_KINDS)
        for clip in sorted((root / "manipulated_sequences" / method).glob("*/images/*"))
        if clip.parts[-3] != "masks"
        for sample in _clip(clip, method)
    ]
    require(
        altered, root, "FaceForensics++ is read from the frames that its extract_compressed_videos.py "
        "writes, manipulated_sequences/Deepfakes/c23/images/000_003/0000.png, …",
    )  # fmt: skip
    return original + altered


def _clip(clip: Path, method: str) -> list[Sample]:
    masks = by_stem(images_in(clip.parents[2] / "masks" / "images" / clip.name))
    sources = frozenset(clip.name.split("_")[:2])
    return [
        Sample(path, True, _KINDS[method], sources, masks.get(path.stem), "any") for path in images_in(clip)
    ]
