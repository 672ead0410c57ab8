"""Whether what EXIF says about the camera fits the image and the rest of the EXIF block."""

import re
from collections.abc import Iterator, Mapping

from tamperlens.evidence._embedded import Embedded
from tamperlens.evidence._fact import Fact
from tamperlens.evidence._load import Evidence

EXPOSURE = ("Exif:ExposureTime", "Exif:FNumber", "Exif:ISOSpeedRatings", "Exif:ShutterSpeedValue")
# Makers whose still cameras write a maker note into every file.
_ALWAYS_NOTE = ("canon", "nikon", "olympus", "pentax")
# Ratios this close count as the same shape: both sides are rounded to whole pixels.
_SAME_RATIO = 0.01
_NUMBER = re.compile(r"\d{1,6}")


def camera_facts(evidence: Evidence, embedded: Embedded) -> Iterator[Fact]:
    """Facts on camera, exposure, maker note and the image size stated by EXIF."""
    make, model = (evidence.metadata.get(f"EXIF:{tag}", "") for tag in ("Make", "Model"))
    if make or model:
        yield Fact(
            "camera", f"The file states the camera '{make} {model}'.", "neutral", "EXIF:Make, EXIF:Model"
        )
        yield from _block(evidence.metadata, embedded, make)
    yield from size_facts(evidence)


def _block(metadata: Mapping[str, str], embedded: Embedded, make: str) -> Iterator[Fact]:
    exposure = any(key in metadata for key in EXPOSURE)
    note = embedded.exif.maker_note if embedded.exif else 0
    if not exposure and not note and "Exif:DateTimeOriginal" not in metadata:
        yield Fact(
            "camera",
            "A camera is stated, but no exposure, no capture time and no maker note.",
            "notable",
            "Exif",
            "Scanners, and programs that keep only a few tags, have the same effect.",
        )
    elif exposure and not note and embedded.exif and make.lower().startswith(_ALWAYS_NOTE):
        yield Fact(
            "camera",
            f"The maker note that cameras of '{make}' write is missing.",
            "notable",
            "Exif:MakerNote",
            "Many programs drop it when they re-save a picture.",
        )


def size_facts(evidence: Evidence) -> Iterator[Fact]:
    """Compare the size stated by EXIF with that of the stored image."""
    stated = _stated_size(evidence.metadata)
    size = (evidence.width, evidence.height)
    stored = size[::-1] if evidence.orientation >= 5 else size
    by_items = evidence.format in {"HEIF", "AVIF"}  # EXIF may or may not follow their rotation
    if stated is None or stated == stored or (by_items and stated == size):
        return
    if stated == stored[::-1]:
        yield Fact(
            "size",
            f"EXIF states {_times(stated)}, the image has {_times(stored)} pixels: its sides are swapped.",
            "notable",
            "Exif:ExifImageWidth",
            "Programs that turn a picture upright have the same effect.",
        )
        return
    ratios = [max(side) / min(side) for side in (stated, stored)]
    same_shape = abs(ratios[0] / ratios[1] - 1) < _SAME_RATIO
    what = "as if scaled" if same_shape else "of another shape, as if cropped"
    yield Fact(
        "size",
        f"EXIF states {_times(stated)}, the image has {_times(stored)} pixels: {what} after it was taken.",
        "contradiction",
        "Exif:ExifImageWidth",
        "Programs that shrink pictures for mail or the web and leave EXIF unchanged have the same effect.",
    )


def _stated_size(metadata: Mapping[str, str]) -> tuple[int, int] | None:
    """Width and height from the Exif directory; 0 or nonsense counts as not stated."""
    texts = (metadata.get(f"Exif:ExifImage{side}", "") for side in ("Width", "Height"))
    width, height = (int(text) if _NUMBER.fullmatch(text) else 0 for text in texts)
    return (width, height) if width and height else None


def _times(size: tuple[int, int]) -> str:
    return f"{size[0]}×{size[1]}"
