"""What happened to the file, and which traces that leaves standing."""

from collections.abc import Iterator
from dataclasses import dataclass

from tamperlens.errors import DamagedImageError
from tamperlens.evidence import Evidence, Scope, scope
from tamperlens.traces.jpeg import CompressionHistory, DoubleJpeg, JpegGrid, compression_history

# Shorter side in pixels below which a trace has too few blocks, or keypoints, to compare.
_LEAST_SIDE = {
    "copy-move": 96,
    "double-jpeg": 128,
    "grid": 128,
    "jpeg-ghost": 128,
    "noise-inconsistency": 128,
    "resampling": 128,
    "sharpness": 128,
}
# IJG quality of the file below which the last save has overwritten what a trace reads.
_LEAST_QUALITY = {
    "double-jpeg": 40,
    "jpeg-ghost": 50,
    "noise-inconsistency": 65,
    "resampling": 96,
    "sharpness": 40,
}


@dataclass(frozen=True)
class History:
    """What can be told of the file's past, from headers, coefficients and pixels.

    Attributes:
        scope: whether it is a photograph at all.
        compression: how often it was compressed, and what was done between.
        sentences: the same for a person.
    """

    scope: Scope
    compression: CompressionHistory
    sentences: tuple[str, ...]


def read_history(
    evidence: Evidence,
    kind: Scope | None = None,
    grid: JpegGrid | None = None,
    double: DoubleJpeg | None = None,
) -> History:
    """Read the past of one file.

    Args:
        evidence: the file.
        kind: `scope(evidence)` when it is known already.
        grid: `jpeg_grid(evidence.pixels)` when it is known already.
        double: `double_jpeg` of the file's own coefficients when it is known already.
    """
    kind = kind or scope(evidence)
    try:
        coefficients = evidence.coefficients()
    except DamagedImageError:
        coefficients = None
    compression = compression_history(evidence.pixels, coefficients, grid, double)
    sentences = [] if kind.kind == "photograph" else [f"It does not look like a photograph. {kind.reason}"]
    return History(kind, compression, (*sentences, *_sentences(compression)))


def _sentences(found: CompressionHistory) -> Iterator[str]:
    """What was seen, surest first to be said; no trace is no proof that nothing happened."""
    quality = "" if found.last_quality is None else f", the last time at a quality near {found.last_quality}"
    if found.compressions == 0:
        yield "No trace of a JPEG compression was seen."
    elif found.compressions == 1:
        yield f"One JPEG compression was seen{quality}; an earlier one may have left no trace."
    else:
        earlier = "" if found.earlier_quality is None else f", before that near {found.earlier_quality}"
        yield (
            f"It was compressed at least twice on the same grid{quality}{earlier} "
            f"(confidence {found.compressions_confidence:.2f})."
        )
    if found.shifted_origin is not None:
        row, column = found.shifted_origin
        yield (
            f"An earlier compression lay on a grid shifted by {row} | {column} px, as after a crop "
            f"(confidence {found.shifted_confidence:.2f})."
        )
    if found.resize_factors:
        factors = " or ".join(f"{factor:.2f}" for factor in found.resize_factors)
        yield (
            f"Its pixels are interpolated, as after resizing by {factors} "
            f"(confidence {found.resize_confidence:.2f})."
        )


def void_reason(trace: str, evidence: Evidence, kind: Scope | None = None) -> str:
    """Why a trace has no say in an image, or shows nothing of it; "" where it has.

    Args:
        trace: key of `traces.MEASURED` or `traces.TRACES`.
        evidence: the image.
        kind: what it looks like; of a blank one nothing is measured.
    """
    side, least = min(evidence.width, evidence.height), _LEAST_SIDE.get(trace, 0)
    if side < least:
        return f"the shorter side has {side} pixels, it needs {least}"
    if trace == "double-jpeg" and evidence.format != "JPEG":
        return f"the file is {evidence.format} and holds no JPEG coefficients"
    quality = evidence.jpeg.quality if evidence.jpeg else 100
    if quality < _LEAST_QUALITY.get(trace, 0):
        return f"the last save, at quality {quality}, has overwritten what it reads"
    if kind and kind.kind == "blank":
        return kind.reason.rstrip(".")
    return ""
