"""A folder of a detector's stored predictions, by image name: maps, scores in a CSV, or both."""

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tamperlens.data import Sample
from tamperlens.errors import DetectorError
from tamperlens.evaluation._judge import Judge, Judgement
from tamperlens.evidence import Evidence
from tamperlens.examine.external import read_answer

_MAPS = frozenset({".png", ".tif", ".tiff", ".bmp", ".jpg", ".jpeg", ".webp", ".npy"})
_ENDINGS = ("_map", "_mask", "_pred", "_heatmap")
_SCORES = "scores.csv"


def predictions_judge(folder: Path, samples: Sequence[Sample]) -> Judge:
    """The predictions in a folder for the images of a dataset, at the threshold 0.5.

    Args:
        folder: with maps named like the images, gray images (0 to their greatest value) or NumPy files in
            0..1; or `scores.csv` with columns image and score; or both. If two images share a name, maps lie
            in folders named like theirs, and the CSV names these folders too.
        samples: the dataset.

    Raises:
        DetectorError: a prediction is missing, belongs to two images, or cannot be read.
    """
    if not folder.is_dir():
        raise DetectorError(f"there is no folder of predictions {folder}")
    maps, scores = dict(_map_files(folder)), _scores(folder / _SCORES)
    if not maps and not scores:
        raise DetectorError(f"{folder} holds no maps and no {_SCORES}")
    map_of, score_of = _paired(samples, maps, folder), _paired(samples, scores, folder)
    missing = [one.path for one in samples if one.path not in map_of and one.path not in score_of]
    if missing:
        raise DetectorError(
            f"{folder} has no map and no score for {len(missing):,} of {len(samples):,} images, the first of "
            f"them {missing[0]}"
        )
    name = folder.resolve().name

    def judge(evidence: Evidence, sample: Sample) -> Judgement:
        path, score = map_of.get(sample.path), score_of.get(sample.path)
        given = (None if path is None else _read_map(path), score)
        said = read_answer(given, evidence, name)
        return Judgement(said.probabilities, said.score)

    return Judge(name, judge, thresholds_from="none: 0.5", version=_digest(maps, scores))


def _map_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Path within the folder, without suffix and ending, and the file."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _MAPS:
            key = path.relative_to(folder).with_suffix("").as_posix()
            yield next((key.removesuffix(one) for one in _ENDINGS if key.endswith(one)), key), path


def _scores(path: Path) -> dict[str, float]:
    if not path.is_file():
        return {}
    try:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DetectorError(f"{path} cannot be read: {error}") from error
    scores = {}
    for number, row in enumerate(rows, 2):
        try:
            image, score = row["image"], float(row["score"])
        except (KeyError, TypeError, ValueError):
            raise DetectorError(f"{path}, line {number}: expected an image and a score from 0 to 1") from None
        if not 0 <= score <= 1:
            raise DetectorError(f"{path}, line {number}: the score {score:g} is not in 0 to 1")
        scores[Path(image).with_suffix("").as_posix()] = score
    return scores


def _paired(samples: Sequence[Sample], said: dict[str, Any], folder: Path) -> dict[Path, Any]:
    """Image → its prediction, matched by name and by as many folders of its path as are given."""
    found: dict[Path, Any] = {}
    owner: dict[str, list[Path]] = defaultdict(list)
    for sample in samples:
        parts = sample.path.with_suffix("").parts
        keys = ("/".join(parts[i:]) for i in range(len(parts)))
        key = next((key for key in keys if key in said), None)
        if key is not None:
            found[sample.path] = said[key]
            owner[key].append(sample.path)
    for key, paths in owner.items():
        if len(paths) > 1:
            raise DetectorError(
                f"'{key}' in {folder} belongs to {paths[0]} and to {paths[1]}: name predictions by the "
                f"images' folders too, such as {paths[0].parent.name}/{paths[0].stem}"
            )
    return found


def _read_map(path: Path) -> NDArray[Any]:
    """Values in 0..1 for any bit depth."""
    try:
        if path.suffix.lower() == ".npy":
            values = np.load(path, allow_pickle=False)
        else:
            with Image.open(path) as image:
                deep = image.mode.startswith(("I", "F"))
                values = np.asarray(image if deep else image.convert("L"))
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise DetectorError(f"the map {path} cannot be read: {error}") from error
    if values.dtype.kind not in "iu":
        return np.asarray(values)
    return np.asarray(values, np.float32) / np.float32(255 if values.dtype.itemsize == 1 else 65535)


def _digest(maps: dict[str, Path], scores: dict[str, float]) -> str:
    """SHA-256 of all predictions."""
    digest = hashlib.sha256(repr(sorted(scores.items())).encode())
    for key, path in sorted(maps.items()):
        digest.update(key.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
