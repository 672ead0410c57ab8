"""The self-test: does this installation give the findings recorded when it was made?"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tamperlens.errors import TamperlensError
from tamperlens.evidence import Evidence, load_evidence
from tamperlens.examine import DETECTORS, Examiner, card_text, load_weight
from tamperlens.examine.networks import FULL, WEIGHTS_DIRECTORY, variant_name, variants, weight_names
from tamperlens.report import finding_to_json
from tamperlens.reproduction._comparing import OTHER_MACHINE, differences

GOLDEN = Path(__file__).parent / "golden.json"
# In a wheel the images lie beside this file, in a checkout among the examples.
_PACKAGED = Path(__file__).parent / "images"
_CHECKOUT = Path(__file__).parents[3] / "examples"
# Their scores are far from the thresholds, so that rounding cannot change an outcome.
IMAGES = ("untouched.jpg", "splice.jpg", "copy-move.jpg")
# What is recorded of each finding; each system is also asked alone, about the last image.
_KEPT = (
    "sha256",
    "width",
    "height",
    "outcome",
    "kind",
    "mask_threshold",
    "score",
    "log10_lr",
    "kinds",
)


@dataclass(frozen=True)
class GoldenCheck:
    """One line of the self-test.

    Attributes:
        name: what was tested.
        passed: whether it matches the record.
        says: what was found.
    """

    name: str
    passed: bool
    says: str


def self_test(threads: int = 0) -> Iterator[GoldenCheck]:
    """Test the weights, cards, decoding and every system of this installation.

    Args:
        threads: for the networks; 0 for all cores.
    """
    yield from (check_weight(name) for name in weight_names())
    yield from (check_weight(name, precision=precision) for name, precision in variants())
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    examiner = Examiner(threads=threads, precision=FULL)
    yield from (_finding(examiner, name, stated) for name, stated in golden["findings"].items())
    yield from (_system(name, threads, golden["systems"].get(name)) for name in DETECTORS)


def make_golden() -> dict[str, Any]:
    """This installation's results, to be recorded."""
    examiner = Examiner(precision=FULL)
    return {
        "findings": {name: _noted(examiner, _image(name)) for name in IMAGES},
        "systems": {name: _noted(Examiner([name], precision=FULL), _image(IMAGES[-1])) for name in DETECTORS},
    }


def check_weight(name: str, directory: Path = WEIGHTS_DIRECTORY, precision: str = FULL) -> GoldenCheck:
    """Whether a weight's (or variant's) bytes match its manifest and card, and whether it loads."""
    called = f"weight {name if precision == FULL else variant_name(name, precision)}"
    try:
        weight = load_weight(name, directory, precision)
        card = card_text(name)
    except TamperlensError as error:
        return GoldenCheck(called, False, str(error))
    weight.session(1)
    has_card = weight.sha256 in card
    says = f"SHA-256 {weight.sha256[:16]}… as in its manifest and its card; loads"
    return GoldenCheck(called, has_card, says if has_card else "its card is of another weight")


def _finding(examiner: Examiner, name: str, stated: dict[str, Any]) -> GoldenCheck:
    return _compared(f"image {name}", stated, _noted(examiner, _image(name)))


def _system(name: str, threads: int, stated: dict[str, Any] | None) -> GoldenCheck:
    if stated is None:
        return GoldenCheck(f"system {name}", False, "no result is recorded for it; record it again")
    return _compared(
        f"system {name}", stated, _noted(Examiner([name], threads, precision=FULL), _image(IMAGES[-1]))
    )


def _compared(name: str, stated: dict[str, Any], again: dict[str, Any]) -> GoldenCheck:
    said = differences(stated, again, OTHER_MACHINE)
    now, then = (f"{_score(one)}, {one['outcome']}" for one in (again, stated))
    noted = f"score {now}; recorded: {then}"
    return GoldenCheck(name, not said, noted if not said else f"{noted}; {'; '.join(said[:4])}")


def _score(found: dict[str, Any]) -> str:
    return "none" if found["score"] is None else f"{found['score']:.3f}"


def _noted(examiner: Examiner, evidence: Evidence) -> dict[str, Any]:
    """What is kept of a finding: hashes of pixels would tie it to one decoder, these numbers do not."""
    found = finding_to_json(examiner.examine(evidence), evidence.name)
    opinions = [{part: one[part] for part in ("system", "applicable", "score")} for one in found["opinions"]]
    return {name: found[name] for name in _KEPT} | {"opinions": opinions}


def _image(name: str) -> Evidence:
    path = _PACKAGED / name if (_PACKAGED / name).exists() else _CHECKOUT / name
    return load_evidence(path)
