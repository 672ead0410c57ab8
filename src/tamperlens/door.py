"""What `import tamperlens as tl` offers: every verb of the command line as a function."""

import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.errors import InputTypeError, MissingExtraError, TamperlensError, UnknownNameError
from tamperlens.evidence import Evidence, Limits, load_evidence
from tamperlens.examine import SYSTEMS, Budget, System
from tamperlens.examine import Examiner as LoadedSystems
from tamperlens.examine import Finding as Examined
from tamperlens.examine.external import ExternalDetector
from tamperlens.report import finding_to_json, save_map, summary_html, write_pdf, write_report
from tamperlens.traces import TRACES

if TYPE_CHECKING:
    from tamperlens.evaluation import LocalizationResult

# What can be examined.
Picture = str | os.PathLike[str] | bytes | BinaryIO | Image.Image | NDArray[np.uint8]

_ACCEPTED = (
    "a path, the bytes of a file, a file opened for reading bytes, a Pillow image or an (H, W, 3) uint8 "
    "array "
    "of RGB pixels"
)


@dataclass(frozen=True)
class Options:
    """How to examine.

    Attributes:
        systems: names of systems to ask one by one, see `systems`; empty for everything that applies, fused.
        strict: aim at 1 % of false alarms instead of 5 %.
        kinds: say how the marked region was altered.
        explain: add the maps of a network that only explains.
        counter_test: examine again saved once more, cropped and resized; four times the time.
        threads: of the networks, 0 for all cores.
        time_budget: seconds for an image; the dearest analyses are left out. None for as long as it takes.
        memory_budget: bytes to plan for; the hungriest analyses are left out. None for as much as it takes.
        precision: of the default localizer: "full", "int8" or "bf16"; None for what the environment says.
        max_pixels: images that declare more are refused.

    >>> Options(strict=True).systems
    ()
    """

    systems: tuple[str, ...] = ()
    strict: bool = False
    kinds: bool = True
    explain: bool = False
    counter_test: bool = False
    threads: int = 0
    time_budget: float | None = None
    memory_budget: int | None = None
    precision: str | None = None
    max_pixels: int = 100_000_000


class Finding(Examined):
    """What an examination came to, with everything that shows why.

    Its attributes are those of the examination: `outcome`, `score`, `log10_lr`, `kind`, `kinds`, `mask`,
    `maps`, `regions`, `opinions`, `limits`, and `document`, which holds all that can be said in numbers
    and words.

    >>> import tamperlens as tl
    >>> finding = tl.examine("examples/copy-move.jpg")
    >>> finding
    <Finding of copy-move.jpg: inconsistent, score 0.97, log10 likelihood ratio +1.55, kind copy-move>
    >>> finding.mask.shape, finding.maps["ela"].shape, finding.regions[0].left
    ((427, 640), (427, 640), 80)
    """

    def _repr_html_(self) -> str:
        """What a notebook shows: the photograph with the mask's outline, and a few sentences."""
        return summary_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything in numbers and words, as docs/json.md describes it.

        >>> import tamperlens as tl
        >>> tl.examine("examples/untouched.jpg").to_dict()["schema_version"]
        '2.1'
        """
        return finding_to_json(self)

    def to_json(self) -> str:
        """The same as text, one line."""
        return json.dumps(self.to_dict(), ensure_ascii=False)

    def save_report(self, path: str | os.PathLike[str]) -> Path:
        """Write the report as HTML, with the model cards in the folder `cards` beside it, or as PDF.

        Args:
            path: of a file that ends in .html or .pdf, in an existing folder.

        Returns:
            The path.

        Raises:
            TamperlensError: the path ends otherwise, or cannot be written.
            MissingExtraError: PDF without the extra `pdf`.
        """
        target = Path(path)
        if target.suffix.lower() not in {".html", ".pdf"}:
            raise TamperlensError(f"a report is .html or .pdf; '{target.name}' ends otherwise")
        write = write_report if target.suffix.lower() == ".html" else write_pdf
        try:
            write(self, target.parent, target.stem)
        except OSError as error:
            raise TamperlensError(f"{target} cannot be written: {error.strerror or error}") from error
        return target

    def save_mask(self, path: str | os.PathLike[str]) -> Path:
        """Write the mask as an 8-bit gray PNG of the image's own size, 255 × probability of alteration.

        Args:
            path: of the file.

        Returns:
            The path.

        Raises:
            TamperlensError: there is no mask, or the path cannot be written.
        """
        if self.mask is None:
            raise TamperlensError(f"this finding has no mask: {self.document.absent['mask_file']}")
        try:
            save_map(self.mask, Path(path))
        except OSError as error:
            raise TamperlensError(f"{path} cannot be written: {error.strerror or error}") from error
        return Path(path)


class Examiner:
    """Systems that are loaded once; examine as many images with one as you like.

    Args:
        options: how to examine; the defaults of `Options` when None.

    Raises:
        UnknownNameError: no such system.
        WeightError: a weight is missing or altered.

    >>> import tamperlens as tl
    >>> examiner = tl.Examiner(tl.Options(systems=("lightweight-cnn",)))
    >>> examiner.examine("examples/untouched.jpg").outcome
    'inconclusive'
    >>> [one.outcome for one in examiner.examine_all(["examples/splice.jpg", "examples/untouched.jpg"])]
    ['inconclusive', 'inconclusive']
    """

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()
        self._examiner = LoadedSystems(
            self.options.systems,
            self.options.threads,
            self.options.strict,
            self.options.kinds,
            Budget(self.options.time_budget, self.options.memory_budget),
            self.options.precision,
        )

    def examine(self, image: Picture) -> Finding:
        """Examine one image.

        Args:
            image: a path, bytes, a file, a Pillow image or an array; see `load`.

        Raises:
            InputTypeError: it is none of these.
            EvidenceError: it cannot be examined; the error says why.
        """
        evidence = load(image, self.options.max_pixels)
        found = self._examiner.examine(evidence, self.options.counter_test, self.options.explain)
        return Finding(**vars(found))

    def examine_all(self, images: Iterable[Picture]) -> Iterator[Finding]:
        """Examine one image after the other; the first that cannot be examined raises."""
        return map(self.examine, images)


def examine(image: Picture, **options: Any) -> Finding:  # noqa: ANN401 - the fields of `Options`
    """Examine one image.

    Args:
        image: a path, bytes, a file, a Pillow image or an array; see `load`.
        **options: fields of `Options`.

    Raises:
        InputTypeError: it is none of these.
        EvidenceError: it cannot be examined; the error says why.

    >>> import tamperlens as tl
    >>> tl.examine("examples/copy-move.jpg", kinds=False).outcome
    'inconsistent'
    """
    return _warm(Options(**options)).examine(image)


@lru_cache(maxsize=2)
def _warm(options: Options) -> Examiner:
    """The examiner of the last calls, so that a loop does not load the networks again."""
    return Examiner(options)


def load(image: Picture, max_pixels: int = Options.max_pixels) -> Evidence:
    """Read, check and decode one image.

    The bytes of a file are evidence too: JPEG tables and metadata are lost in a Pillow image or an array.
    Hand in the path where there is one.

    Args:
        image: a path, the bytes of a file, a file opened for reading bytes, a Pillow image, or (H, W, 3)
            uint8 RGB.
        max_pixels: more are refused before anything is decoded.

    Raises:
        InputTypeError: it is none of these.
        EvidenceError: it cannot be read; the error says why.

    >>> import tamperlens as tl
    >>> evidence = tl.load("examples/splice.jpg")
    >>> evidence.format, evidence.width, evidence.height, evidence.jpeg.quality
    ('JPEG', 600, 400, 88)
    """
    limits = Limits(max_pixels=max_pixels)
    if isinstance(image, str | os.PathLike):
        return load_evidence(Path(image), limits)
    name = Path(str(getattr(image, "name", ""))).name
    return load_evidence(_file_bytes(image), limits, name=name)


def _file_bytes(image: object) -> bytes:
    """The bytes of a file, or of a lossless one that holds the same pixels."""
    if isinstance(image, bytes | bytearray | memoryview):
        return bytes(image)
    if isinstance(image, Image.Image):
        return _lossless(image)
    if isinstance(image, np.ndarray):
        if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3:
            raise InputTypeError(f"an array of shape {image.shape} and {image.dtype}", _ACCEPTED)
        return _lossless(Image.fromarray(image))
    data = image.read() if hasattr(image, "read") else None
    if not isinstance(data, bytes):
        what = "a file opened as text" if isinstance(data, str) else f"a {type(image).__name__}"
        raise InputTypeError(what, _ACCEPTED)
    return data


def _lossless(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def trace(name: str, image: Picture) -> NDArray[np.float32]:
    """Measure one trace.

    Args:
        name: of the trace, such as "ela"; a wrong one lists them all.
        image: as `load` takes it.

    Returns:
        (H, W) float32 in 0..1, of the image's own size.

    Raises:
        UnknownNameError: no trace of that name.
        EvidenceError: the image cannot be read, or lacks what this trace reads.

    >>> import tamperlens as tl
    >>> values = tl.trace("ela", "examples/splice.jpg")
    >>> values.shape, values.dtype, bool(0 <= values.min() <= values.max() <= 1)
    ((400, 600), dtype('float32'), True)
    """
    if name not in TRACES:
        raise UnknownNameError("trace", name, TRACES)
    return TRACES[name].map(load(image))


def evaluate(
    detector: Callable[[Evidence], Any] | str,
    dataset: str | os.PathLike[str],
    *,
    data: str | os.PathLike[str] | None = None,
    condition: str = "native",
    name: str = "",
) -> "LocalizationResult":
    """Evaluate your own detector, or a system by its name, on a dataset.

    Args:
        detector: a function from an image, as `load` returns it, to a map (height × width, of any size), a
            score, both as a pair, or a mapping as photoholmes' methods return it; all in 0..1. Or a name.
        dataset: name of a published one, or path of a folder, CSV or JSON file of your own.
        data: folder of published datasets.
        condition: what is done to each image before; a wrong one lists them all.
        name: of the detector in the result; that of the function by default.

    Returns:
        Its `figures`, each with a 95 % interval over source photographs, by area and by kind of alteration.

    Raises:
        DetectorError: the detector returned something else.
        DatasetError: the dataset is not in order.
        MissingExtraError: the extra `bench` is not installed.

    >>> import tamperlens as tl
    >>> result = tl.evaluate(lambda image: image.pixels[..., 0] / 255, "examples/dataset.csv", name="redness")
    >>> result.system, result.images
    ('redness', {'authentic': 2, 'tampered': 6, 'located': 6})
    """
    if find_spec("sklearn") is None:
        raise MissingExtraError("scikit-learn", "evaluating", "bench")
    from tamperlens import evaluation  # noqa: PLC0415 - of the extra `bench`
    from tamperlens.data import dataset_name, find_samples  # noqa: PLC0415

    evaluation.check_condition(condition)
    samples = find_samples(str(dataset), None if data is None else Path(data))
    if isinstance(detector, str):
        judge = evaluation.find_judge(detector)
    else:
        called = name or getattr(detector, "__name__", type(detector).__name__)
        judge = evaluation.external_judge(ExternalDetector(called, "", detector))
    return evaluation.evaluate_judge(judge, samples, dataset_name(str(dataset)), condition=condition)


def systems() -> tuple[System, ...]:
    """The networks: name, title and what each answers.

    >>> import tamperlens as tl
    >>> [one.answers for one in tl.systems() if one.name == "dual-module"]
    ['how, given a mask']
    """
    return tuple(SYSTEMS.values())
