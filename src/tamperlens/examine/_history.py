"""What happened to the file before it came here."""

from collections.abc import Iterator
from dataclasses import dataclass

from tamperlens.errors import DamagedImageError
from tamperlens.evidence import Channel, Evidence, Scope, channel, scope
from tamperlens.traces.jpeg import CompressionHistory, DoubleJpeg, JpegGrid, compression_history


@dataclass(frozen=True)
class History:
    """What can be told of the file's past, from headers, coefficients and pixels.

    Attributes:
        scope: whether the file is a photograph at all.
        channel: the service or program that the file came through last.
        compression: how often it was compressed, and what was done in between.
        sentences: the same in words, for people.
    """

    scope: Scope
    channel: Channel
    compression: CompressionHistory
    sentences: tuple[str, ...]

    @property
    def overwritten(self) -> str:
        """What was done to the whole file and may have removed the traces of an earlier edit; "" if nothing.

        More than half of the altered images score as if untouched after one more save
        (docs/research.md, "What is never cleared").
        """
        if self.compression.compressions > 1:
            return "it was saved as JPEG at least twice"
        if self.compression.shifted_origin is not None:
            return "it was saved as JPEG and then cropped or moved against its grid"
        return "it was resized" if self.compression.resize_factors else ""


def read_history(
    evidence: Evidence,
    kind: Scope | None = None,
    grid: JpegGrid | None = None,
    double: DoubleJpeg | None = None,
) -> History:
    """Read the past of one file.

    Args:
        evidence: the file.
        kind: `scope(evidence)`, if already known.
        grid: `jpeg_grid(evidence.pixels)`, if already known.
        double: `double_jpeg` of the file's own coefficients, if already known.
    """
    kind = kind or scope(evidence)
    try:
        coefficients = evidence.coefficients()
    except DamagedImageError:
        coefficients = None
    compression = compression_history(evidence.pixels, coefficients, grid, double)
    sentences = [] if kind.kind == "photograph" else [f"It looks like this: {kind.kind}. {kind.reason}"]
    last = channel(evidence)
    return History(kind, last, compression, (*sentences, *_of_channel(last), *_sentences(compression)))


def _of_channel(last: Channel) -> Iterator[str]:
    """What the file came through last; nothing is said of expected or unknown channels."""
    if last.name not in {"camera", "unknown"}:
        yield f"{last.reason} That removes {last.removes}."


def _sentences(found: CompressionHistory) -> Iterator[str]:
    """What was seen, the surest first; the absence of a trace does not prove that nothing happened."""
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
