"""Is a dataset's folder complete? What is missing, unreadable, mis-sized or mis-paired, file by file."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tamperlens.data._outline import Outline
from tamperlens.data._sample import Sample, read_mask
from tamperlens.data.datasets import images_in
from tamperlens.errors import DatasetError, EvidenceError
from tamperlens.evidence import load_evidence

# Numbers of authentic and tampered images as published, where the publisher states them.
PUBLISHED = {
    "casia1": (800, 921),
    "casia2": (7491, 5123),
    "coverage": (100, 100),
    "columbia": (183, 180),
    "comofod": (5000, 5000),
    "cmh": (0, 108),
    "imd2020": (414, 2010),
    "cocoglide": (512, 512),
}
# Files that publishers ship besides images and masks and that belong to no sample.
_ALSO_SHIPPED = {"coverage": r"\d+(copy|paste)", "comofod": r"\d{3}_M"}


@dataclass(frozen=True)
class Problem:
    """One file with something wrong.

    Attributes:
        what: "missing image", "unreadable image", "image without mask", "unreadable mask", "mis-sized mask",
            "empty mask", "full mask", "mask without image" or "unknown name".
        path: the file.
        detail: what was found; "" if `what` says everything.
    """

    what: str
    path: Path
    detail: str = ""


@dataclass(frozen=True)
class DatasetCheck:
    """What a check found.

    Attributes:
        dataset: its key in `DATASETS`.
        authentic: number of authentic images.
        tampered: number of tampered images.
        masks: number of tampered images with a mask.
        problems: files with something wrong; any of them makes the check fail.
        notes: what users should know, one sentence each; a set may be incomplete and still in order.
    """

    dataset: str
    authentic: int
    tampered: int
    masks: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """How many files have each problem."""
        return dict(Counter(problem.what for problem in self.problems))


def check_dataset(
    dataset: str, samples: Sequence[Sample], progress: Callable[[int, int], None] = lambda _done, _all: None
) -> DatasetCheck:
    """Decode every image and mask of a dataset and compare them.

    Args:
        dataset: key of `DATASETS`.
        samples: what `find_samples` listed.
        progress: called with (samples done, samples in all).
    """
    masks = sum(sample.mask is not None for sample in samples)
    problems: list[Problem] = []
    for done, sample in enumerate(samples, 1):
        problems += _problems_of(sample, masks_expected=masks > 0)
        progress(done, len(samples))
    tampered = sum(sample.tampered for sample in samples)
    return DatasetCheck(
        dataset=dataset,
        authentic=len(samples) - tampered,
        tampered=tampered,
        masks=masks,
        problems=(*problems, *_strangers(dataset, samples)),
        notes=_notes(dataset, len(samples) - tampered, tampered, masks),
    )


def _problems_of(sample: Sample, masks_expected: bool) -> list[Problem]:
    if not sample.path.is_file():
        return [Problem("missing image", sample.path)]
    problems = []
    size = None
    try:
        evidence = load_evidence(sample.path)
        size = (evidence.width, evidence.height)
        if evidence.incomplete:
            problems.append(Problem("unreadable image", sample.path, evidence.incomplete))
    except EvidenceError as error:
        problems.append(Problem("unreadable image", sample.path, str(error)))
    if sample.mask:
        return problems + _problems_of_mask(sample, sample.mask, size)
    if sample.tampered and masks_expected:
        problems.append(Problem("image without mask", sample.path))
    return problems


def _problems_of_mask(sample: Sample, mask: Path | Outline, size: tuple[int, int] | None) -> list[Problem]:
    where = mask if isinstance(mask, Path) else sample.path
    try:
        altered = read_mask(mask, sample.mask_colour)
    except (OSError, SyntaxError, ValueError, DatasetError, Image.DecompressionBombError) as error:
        return [Problem("unreadable mask", where, str(error))]
    problems = []
    height, width = altered.shape
    if size and size != (width, height):
        detail = f"{width}×{height}, but {sample.path.name} is {size[0]}×{size[1]}"
        problems.append(Problem("mis-sized mask", where, detail))
    if not altered.any():
        problems.append(Problem("empty mask", where, "no pixel is marked as altered"))
    if altered.all():
        problems.append(Problem("full mask", where, "every pixel is marked as altered"))
    return problems


def _strangers(dataset: str, samples: Sequence[Sample]) -> list[Problem]:
    """Image files next to the samples' images and masks that are neither."""
    images = {sample.path for sample in samples}
    masks = {sample.mask for sample in samples if isinstance(sample.mask, Path)}
    mask_folders = {mask.parent for mask in masks}
    allowed = re.compile(_ALSO_SHIPPED.get(dataset, r"(?!)"))
    found = []
    for folder in sorted({path.parent for path in images} | mask_folders):
        for path in images_in(folder):
            if path not in images and path not in masks and not allowed.fullmatch(path.stem):
                what = "mask without image" if folder in mask_folders else "unknown name"
                found.append(Problem(what, path))
    return found


def _notes(dataset: str, authentic: int, tampered: int, masks: int) -> tuple[str, ...]:
    notes = []
    published = PUBLISHED.get(dataset)
    if published and published != (authentic, tampered):
        notes.append(
            f"{dataset} was published with {published[0]:,} authentic and {published[1]:,} tampered images; "
            f"here are {authentic:,} and {tampered:,}."
        )
    if not authentic:
        notes.append(f"{dataset} has no authentic images here, so false alarms cannot be measured on it.")
    if tampered and not masks:
        notes.append(f"{dataset} has no masks here, so localization cannot be measured on it.")
    return tuple(notes)
