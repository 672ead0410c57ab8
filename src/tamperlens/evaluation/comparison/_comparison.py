"""What was measured, cell by cell, and where each cell came from; one JSON file, merged from several."""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from tamperlens.data import Outline, Sample
from tamperlens.errors import DatasetError

FORMAT = 1
# See `Cell.key`.
Key = tuple[str, str, str, str, int, str, str]


class Interval(msgspec.Struct, frozen=True):
    """A figure and its 95 % interval over sources; null if undefined."""

    value: float | None
    low: float | None
    high: float | None


_NONE = Interval(None, None, None)


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One system on one dataset under one condition.

    Attributes:
        system: its name.
        version: SHA-256 of its weight, or its version; "" if there is none.
        baseline: whether it is included only for comparison.
        trained_here: whether the system was trained on this dataset.
        dataset: fingerprint of the images and masks.
        condition: what was done to the images.
        seed: of the condition's draws.
        thresholds: for pixels and images, frozen beforehand; None if each image has its own, by a frozen
            rule.
        thresholds_from: where they come from.
        images: authentic, tampered and located ones.
        left_out: reason → tampered images without pixel figures.
        figures: name → value and interval.
        seconds: median time per image.
        memory_mb: peak memory of the process, 10⁶ bytes; 0 if not measured.
        machine: what it ran on.
        software: versions.
        measured: when, ISO 8601 in UTC.
        command: the command that measured it.
    """

    system: str
    version: str
    baseline: bool
    trained_here: bool
    dataset: str
    condition: str
    seed: int
    thresholds: tuple[float | None, float]
    thresholds_from: str
    images: dict[str, int]
    left_out: dict[str, int]
    figures: dict[str, Interval]
    seconds: float
    memory_mb: float
    machine: str
    software: str
    measured: str
    command: str

    @property
    def key(self) -> Key:
        """What distinguishes it from other cells; a later measurement with the same key replaces it."""
        return (
            self.system,
            self.version,
            self.dataset,
            self.condition,
            self.seed,
            self.machine,
            self.software,
        )

    def figure(self, name: str) -> Interval:
        """A figure; undefined if the cell has none of that name."""
        return self.figures.get(name, _NONE)


class MeasuredDataset(msgspec.Struct, frozen=True, kw_only=True):
    """A dataset as used for the measurements.

    Attributes:
        fingerprint: SHA-256 over images, labels and masks.
        name: of the dataset.
        authentic: number of authentic images.
        tampered: number of tampered images.
        of: number of images it was drawn from.
        audit: what a cheat would score, sentences and tables in Markdown; "" if not requested.
    """

    fingerprint: str
    name: str
    authentic: int
    tampered: int
    of: int
    audit: str = ""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was measured.

    Attributes:
        format: of this file.
        datasets: each with its fingerprint.
        cells: in the order they were measured.
    """

    format: int = FORMAT
    datasets: tuple[MeasuredDataset, ...] = ()
    cells: tuple[Cell, ...] = ()


def load_comparison(path: Path) -> Comparison:
    """Read a saved comparison.

    Raises:
        DatasetError: it cannot be read, or is not a comparison.
    """
    try:
        read = msgspec.json.decode(path.read_bytes(), type=Comparison)
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror or error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DatasetError(f"{path} is not a comparison: {error}") from error
    if read.format != FORMAT:
        raise DatasetError(f"{path} has comparison format {read.format}; this version reads {FORMAT}")
    return read


def merged(parts: Iterable[Comparison]) -> Comparison:
    """All datasets and cells of several comparisons; of equal cells the one measured last.

    Cells of one system and dataset from different machines are both kept, because time and memory differ.
    """
    datasets: dict[str, MeasuredDataset] = {}
    cells: dict[Key, Cell] = {}
    for part in parts:
        for one in part.datasets:
            if one.audit or one.fingerprint not in datasets:
                datasets[one.fingerprint] = one
        for cell in part.cells:
            known = cells.get(cell.key)
            if known is None or known.measured <= cell.measured:
                cells[cell.key] = cell
    return Comparison(datasets=tuple(datasets.values()), cells=tuple(cells.values()))


def fingerprint(samples: Sequence[Sample]) -> str:
    """SHA-256 over every image with its label, sources and mask, in order."""
    digest = hashlib.sha256()
    for sample in samples:
        stated = f"{int(sample.tampered)} {sorted(sample.sources)} {sample.mask_colour} "
        outline = repr(sample.mask) if isinstance(sample.mask, Outline) else ""
        digest.update((stated + outline).encode())
        for path in (sample.path, sample.mask):
            if isinstance(path, Path) and path.is_file():
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
