"""What a report says about the file itself, and the command that examines it again."""

import shlex
from collections.abc import Iterator

import msgspec

from tamperlens.examine import FindingDocument

# False-alarm rate of `--strict`.
_STRICT_RATE = 0.01


class Row(msgspec.Struct, frozen=True):
    """A name and a value.

    Attributes:
        name: name, for people.
        value: value, for people; if it comes from a file, it may be long and is untrusted.
    """

    name: str
    value: str


def file_rows(document: FindingDocument) -> tuple[Row, ...]:
    """Properties of the file."""
    return tuple(_file_rows(document))


def _file_rows(document: FindingDocument) -> Iterator[Row]:
    file = document.evidence
    yield Row("Path as given", document.file)
    yield Row("SHA-256", document.sha256)
    yield Row("Size", f"{file.bytes:,} bytes, {document.width} × {document.height} px")
    frames = f", {file.frames} frames" if file.frames > 1 else ""
    yield Row("Format", f"{file.format}, stored as {file.stored_mode}{frames}")
    if jpeg := file.jpeg:
        quality = (
            f"luminance table of the Independent JPEG Group for quality {jpeg.quality}"
            if jpeg.quality_is_exact
            else f"the encoder's own tables, nearest to quality {jpeg.quality}"
        )
        coding = "progressive" if jpeg.progressive else "baseline"
        yield Row("JPEG", f"{quality}; chroma {jpeg.subsampling}; {coding}")
    yield from (Row("Step taken", step) for step in file.steps)
    yield from (Row("Warning", warning) for warning in file.warnings)


def command(document: FindingDocument) -> str:
    """The command that repeats the finding; the file's name is quoted, because it may contain anything."""
    name = document.file.replace("\\", "/").rpartition("/")[2] or "FILE"
    return " ".join(["tamperlens", "examine", shlex.quote(f"./{name}"), "--out", "DIR", *_options(document)])


def _options(document: FindingDocument) -> Iterator[str]:
    if document.counter_tests:
        yield "--counter-test"
    if document.explanations:
        yield "--explain"
    if document.log10_lr is None:
        for opinion in document.opinions:
            yield from ("--system", opinion.system)
    elif document.false_alarm_rate == _STRICT_RATE:
        yield "--strict"
    if time := document.versions.get("time budget"):
        yield from ("--time-budget", time.removesuffix(" s"))
    if memory := document.versions.get("memory budget"):
        yield from ("--max-memory", memory.removesuffix(" GiB") + "G")
