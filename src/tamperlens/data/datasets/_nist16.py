"""NIST Nimble Challenge 2016 (NC2016_Test0613): 564 splices, copy-moves and removals among other probes.

`reference/manipulation/NC2016-manipulation-ref.csv`, with columns separated by "|", says of each probe
whether it is a target, where its mask is and which photograph in `world/` it was made from; the tables of the
two other tasks name the donors. Masks mark the altered pixels in black.

Reference: H. Guan et al., "MFC datasets: large-scale benchmark datasets for media forensic challenge
evaluation" (2019).
"""

import csv
from collections import defaultdict
from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import inner, require
from tamperlens.errors import DatasetError

_KINDS = {
    "IsManipulationTypeSplice": "splicing",
    "IsManipulationTypeCopyClone": "copy-move",
    "IsManipulationTypeRemoval": "removal",
}
_LAYOUT = "NIST16 is laid out as probe/, world/ and reference/manipulation/NC2016-manipulation-ref.csv"


def find_nist16(root: Path) -> list[Sample]:
    """List the probes of NIST16, authentic ones first, each part in the order of the table.

    Args:
        root: folder that holds `probe`, `world` and `reference`, or one that holds it as `NC2016_Test0613`.

    Raises:
        DatasetError: a table is missing or lacks a column.
    """
    root = inner(root, "NC2016_Test0613")
    rows = _read_table(root, "manipulation")
    require(rows, root, _LAYOUT)
    try:
        sources = _sources([*rows, *_read_table(root, "splice"), *_read_table(root, "removal")])
        # A probe may be listed more than once; its last row counts.
        probes = {row["ProbeFileName"]: row for row in rows}
        samples = [_sample(root, row, frozenset(sources[name])) for name, row in probes.items()]
    except KeyError as error:
        raise DatasetError(f"a table in {root / 'reference'} has no column {error}; {_LAYOUT}") from error
    return sorted(samples, key=lambda sample: sample.tampered)


def _sources(rows: list[dict[str, str]]) -> dict[str, set[str]]:
    """For each probe its base and its donors; the splice table also lists donors that were not used."""
    sources: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        probe, donor = row["ProbeFileName"], row.get("DonorFileName") if row["IsTarget"] == "Y" else None
        # The probe itself serves as its source when the table names none.
        sources[probe] |= {Path(file).stem for file in (row.get("BaseFileName") or probe, donor) if file}
    return sources


def _sample(root: Path, row: dict[str, str], sources: frozenset[str]) -> Sample:
    path = root / row["ProbeFileName"]
    if row["IsTarget"] != "Y":
        return Sample(path, False, "authentic", sources)
    kind = next((kind for column, kind in _KINDS.items() if row.get(column) == "Y"), "mixed")
    mask = root / row["ProbeMaskFileName"] if row["ProbeMaskFileName"] else None
    return Sample(path, True, kind, sources, mask, "black")


def _read_table(root: Path, task: str) -> list[dict[str, str]]:
    path = root / "reference" / task / f"NC2016-{task}-ref.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter="|"))
