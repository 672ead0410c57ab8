"""The confined process in which the workbench decodes, examines and draws; it reports to its worker."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tamperlens.confined import Tell, Work, Worker, reraise_memory
from tamperlens.custody import OUTCOMES
from tamperlens.errors import EvidenceError, ExaminationEndedError
from tamperlens.evidence import Limits, printable
from tamperlens.examine import Examiner
from tamperlens.report import KIND_WORDS, PRIORITIES
from tamperlens.service._fingerprints import perceptual_hash
from tamperlens.service._settings import Settings
from tamperlens.service.jobs._making import Made, Maker
from tamperlens.workers import confinement_for


@dataclass(frozen=True)
class Shown:
    """Properties of the picture, known before the examination.

    Attributes:
        width: width of the upright image in pixels.
        height: height of the upright image in pixels.
        perceptual: fingerprint, 16 hexadecimal digits.
        own_rendition: whether browsers need a rendition.
        stated: camera, programs and dates that the file states, separated by " · ".
    """

    width: int
    height: int
    perceptual: str
    own_rendition: bool
    stated: str


@dataclass(frozen=True)
class Step:
    """A step of the work.

    Attributes:
        name: what is being done now.
        share: share of the work done, 0..1.
    """

    name: str
    share: float


@dataclass(frozen=True)
class File:
    """A file that is complete and may be taken.

    Attributes:
        name: its plain name.
        of_bytes: whether it depends on the bytes alone, not on the versions.
    """

    name: str
    of_bytes: bool


# Searchable metadata; anyone may have written it.
_STATED = (
    "EXIF:Make", "EXIF:Model", "EXIF:Software", "EXIF:Artist", "EXIF:ImageDescription",
    "XMP:xmp:CreatorTool", "Exif:DateTimeOriginal", "EXIF:DateTime",
)  # fmt: skip
_DAY = re.compile(r"(\d{4}):(\d\d):(\d\d)")
_MOST_STATED = 1000
_OF_BYTES = frozenset({"thumbnail.webp", "rendition.png"})
_OF_EXAMINATION = re.compile(r"(map-[a-z0-9-]{1,40}|mask)\.png|report\.(html|pdf)|(view|finding)\.json")


def making_worker(settings: Settings) -> Worker:
    """A worker that makes all files from an original; its `about` holds `versions`."""
    pixels = round(settings.max_mpx * 1e6)
    options = {
        "threads": settings.threads,
        "limits": {"max_pixels": pixels, "max_bytes": settings.max_upload_bytes},
    }
    limits = confinement_for(pixels, settings.threads)
    return Worker("tamperlens.service.jobs._making_apart:prepare", options, limits, command="")


def prepare(threads: int, limits: dict[str, int], confinement: str) -> Work:
    """Load the examiner, in the confined process."""
    maker = Maker(Examiner(threads=threads), Limits(**limits), confinement)
    return Work({"versions": maker.versions}, _Making(maker).answer)


class _Making:
    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    def answer(self, message: dict[str, Any], data: bytes, tell: Tell) -> dict[str, Any]:
        """Make all files from an original; `error` in the answer says why it cannot be examined."""

        def progress(step: str, share: float) -> None:
            tell({"step": asdict(Step(step, share))})

        def keep(name: str, of_bytes: bool) -> None:
            tell({"file": asdict(File(name, of_bytes))})

        try:
            evidence = self.maker.read(data, message["format"])
            progress("pictures", 0.03)
            rendition = self.maker.pictures(evidence, keep)
            fingerprint = perceptual_hash(evidence.pixels)
            shown = Shown(evidence.width, evidence.height, fingerprint, rendition, _stated(evidence.metadata))
            tell({"shown": asdict(shown)})
            return {"made": asdict(self.maker.examine(evidence, keep, progress))}
        except EvidenceError as error:
            reraise_memory(error)
            return {"error": str(error)}


def _stated(metadata: Mapping[str, str]) -> str:
    """Searchable metadata; dates both as people write them, 2024-01-31, and as cameras do."""
    said = [metadata[name] for name in _STATED if metadata.get(name)]
    days = [_DAY.sub(r"\1-\2-\3", value) for value in said if _DAY.match(value)]
    return " · ".join([*said, *days])[:_MOST_STATED]


def read_told(told: Any) -> Step | Shown | File:  # noqa: ANN401 - from a process that is not trusted
    """Parse what the process told, if it is valid.

    Raises:
        ExaminationEndedError: it is not.
    """
    try:
        if "step" in told:
            return Step(str(told["step"]["name"]), min(1.0, max(0.0, float(told["step"]["share"]))))
        if "file" in told:
            return _file(told["file"])
        shown = told["shown"]
        fingerprint = f"{int(shown['perceptual'], 16) % 2**64:016x}"
        stated = printable(str(shown["stated"]), _MOST_STATED)
        size, rendition = (int(shown["width"]), int(shown["height"])), bool(shown["own_rendition"])
        return Shown(*size, fingerprint, rendition, stated)
    except (LookupError, TypeError, ValueError) as error:
        raise ExaminationEndedError("the examination ended with an answer that cannot be read") from error


def _file(told: Any) -> File:  # noqa: ANN401 - from a process that is not trusted
    name, of_bytes = str(told["name"]), bool(told["of_bytes"])
    if not (name in _OF_BYTES if of_bytes else _OF_EXAMINATION.fullmatch(name)):
        raise ValueError(name)
    return File(name, of_bytes)


def read_made(reply: dict[str, Any]) -> Made:
    """Parse the result of the examination.

    Raises:
        EvidenceError: the bytes cannot be examined.
        ExaminationEndedError: the reply is invalid.
    """
    if "error" in reply:
        raise EvidenceError(str(reply["error"]))
    try:
        made = reply["made"]
        outcome, kind, priority = made["outcome"], made["kind"], made["priority"]
        score = None if made["score"] is None else float(made["score"])
        if outcome not in OUTCOMES or kind not in {None, *KIND_WORDS} or priority not in PRIORITIES:
            raise ValueError("no such outcome, kind or priority")
        if score is not None and not 0 <= score <= 1:
            raise ValueError("no such score")
        return Made(outcome, score, kind, priority)
    except (LookupError, TypeError, ValueError) as error:
        raise ExaminationEndedError("the examination ended with an answer that cannot be read") from error
