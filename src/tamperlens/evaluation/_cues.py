"""Does a cue unrelated to alteration reveal the class? Cross-validated, compared with chance."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction import DictVectorizer
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from tamperlens.evaluation._baselines import baseline_scores, header_row
from tamperlens.evidence import EXTENSIONS, Evidence

_FOLDS = 5
_FORMATS = tuple(EXTENSIONS)
_SOFTWARE = ("Software", "ProcessingSoftware", "CreatorTool", "Make", "Model")

Rows = NDArray[np.float64]


@dataclass(frozen=True)
class Cue:
    """What one cue reveals, out of fold; all figures 0..1.

    Attributes:
        name: key of `CUES`.
        accuracy: share of images classified correctly.
        deviation: standard deviation of the accuracy over folds.
        majority: accuracy of always naming the more frequent class.
        balanced_accuracy: mean of both classes' shares classified correctly; chance is 0.5.
        auc: area under the ROC curve; chance is 0.5.
        tells: whether the AUC is more than three standard errors above chance.
    """

    name: str
    accuracy: float
    deviation: float
    majority: float
    balanced_accuracy: float
    auc: float
    tells: bool


def measure_cue(name: str, rows: Rows, labels: NDArray[np.int64], groups: Sequence[int], seed: int) -> Cue:
    """Fit and score a cue in five folds, each source photograph in one fold only.

    Args:
        name: key of `CUES`.
        rows: (N, F) what the cue sees.
        labels: (N,) 0 authentic, 1 tampered; at least two of each.
        groups: (N,) equal numbers share a source.
        seed: of folds and classifier.
    """
    classifier = "constant" if (rows == rows[0]).all() else CUES[name][1]
    scores = np.full(len(labels), np.nan)
    accuracies = []
    for known, test in _folds(labels, np.asarray(groups), seed):
        scores[test] = baseline_scores(classifier, rows, labels, known, test, seed)
        accuracies.append(float(np.mean((scores[test] >= 0.5) == labels[test])))
    called = (scores >= 0.5).astype(np.int64)
    auc = float(roc_auc_score(labels, scores))
    tampered = int(labels.sum())
    authentic = len(labels) - tampered
    # Standard error of the AUC of a useless cue (Mann and Whitney, 1947).
    error = ((len(labels) + 1) / (12 * tampered * authentic)) ** 0.5
    return Cue(
        name=name,
        accuracy=float(np.mean(called == labels)),
        deviation=float(np.std(accuracies)),
        majority=max(tampered, authentic) / len(labels),
        balanced_accuracy=float(balanced_accuracy_score(labels, called)),
        auc=auc,
        tells=auc > 0.5 + 3 * error,
    )


def _folds(
    labels: NDArray[np.int64], groups: NDArray[np.int_], seed: int
) -> list[tuple[list[int], list[int]]]:
    """Folds by source; by image if there are so few sources that a fold would lack a class."""
    count = min(_FOLDS, int(np.bincount(labels, minlength=2).min()))
    if len(set(groups.tolist())) >= count:
        by_source = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
        folds = _as_lists(by_source.split(labels, labels, groups))
        if all(test and len(set(labels[known].tolist())) == 2 for known, test in folds):
            return folds
    return _as_lists(StratifiedKFold(count, shuffle=True, random_state=seed).split(labels, labels))


def _as_lists(
    folds: Iterable[tuple[NDArray[np.int_], NDArray[np.int_]]],
) -> list[tuple[list[int], list[int]]]:
    return [(known.tolist(), test.tolist()) for known, test in folds]


def _software(evidence: Evidence) -> dict[str, float]:
    """Which tags are present, and the words of those that name a program or a camera."""
    tags = dict.fromkeys(evidence.metadata, 1.0)
    named = {key: value for key, value in evidence.metadata.items() if key.split(":")[-1] in _SOFTWARE}
    return tags | {f"{key}={value}": 1.0 for key, value in named.items()}


def _vectorise(see: Callable[[Evidence], list[float]]) -> Callable[[Sequence[Evidence]], Rows]:
    return lambda headers: np.array([see(evidence) for evidence in headers], dtype=np.float64)


def _software_rows(headers: Sequence[Evidence]) -> Rows:
    # One column that is always present: files without any tags would have none.
    seen = [{"file": 1.0} | _software(evidence) for evidence in headers]
    return np.asarray(DictVectorizer(sparse=False).fit_transform(seen), dtype=np.float64)


# Name → what it sees of the headers, and the classifier in `BASELINES` that reads it.
CUES: dict[str, tuple[Callable[[Sequence[Evidence]], Rows], str]] = {
    "header": (_vectorise(header_row), "header-only"),
    "quantisation tables": (_vectorise(lambda evidence: header_row(evidence)[:128]), "header-only"),
    "file size": (_vectorise(lambda evidence: [float(len(evidence.data))]), "file-size-only"),
    "image size": (_vectorise(lambda evidence: [evidence.width, evidence.height]), "header-only"),
    "file format": (_vectorise(lambda evidence: [float(_FORMATS.index(evidence.format))]), "header-only"),
    "saving software": (_software_rows, "header-only"),
}
