"""How often photographs are called something else, and other pictures photographs.

    python benchmarks/traces/scope.py --photographs DIR [DIR ...] [--others DIR ...] [--made 40]
        [--json benchmarks/results/scope.json]

Photographs: the first files of each folder by a fixed shuffle, as found and saved again at JPEG quality 50.
Made pictures: those of `made_kinds.py` by a seed that the rules were not learned with, as PNG and as JPEG;
the photographs in them are those given. --others DIR adds files that are no photographs, such as screenshots.
The rules come from `learn_scope.py`; nothing that is given here should have been given there.
"""

import argparse
import collections
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from learn_scope import found, made, saved

from tamperlens.errors import EvidenceError
from tamperlens.evidence import load_evidence
from tamperlens.evidence._scope import KINDS, TINY, Scope, judge

Table = dict[str, collections.Counter[str]]


def judged(pixels: np.ndarray) -> Scope:
    if min(pixels.shape[:2]) < TINY:
        return Scope("tiny", "")
    return judge(pixels)


def of_files(folders: list[Path], limit: int) -> Iterator[tuple[str, str]]:
    """Set and kind of each file, as found and saved again."""
    for folder in folders:
        for path in found(folder, limit):
            try:
                pixels = load_evidence(path).pixels
            except EvidenceError:
                continue
            as_found = judged(pixels)
            if as_found.kind != "photograph":
                print(f"{path.name}: {as_found.kind}. {as_found.reason}")
            yield folder.name, as_found.kind
            yield f"{folder.name}, JPEG 50", judged(saved(pixels, 50)).kind


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photographs", type=Path, nargs="+", default=[])
    parser.add_argument("--others", type=Path, nargs="+", default=[])
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--made", type=int, default=40)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    table: Table = collections.defaultdict(collections.Counter)
    for name, kind in of_files([*options.photographs, *options.others], options.limit):
        table[name][kind] += 1
    paths = [path for folder in options.photographs for path in found(folder, options.limit)]
    if paths:
        for name, kind, pixels in made(np.random.default_rng(2), paths, options.made):
            table[f"made: {name} ({kind})"][judged(pixels).kind] += 1
    print("| set | n |", " | ".join(KINDS), "|")
    print("|---|" + "---:|" * (len(KINDS) + 1))
    for name, counts in table.items():
        print(f"| {name} | {counts.total()} |", " | ".join(str(counts[kind] or "") for kind in KINDS), "|")
    if options.json:
        options.json.write_text(
            json.dumps({name: dict(counts) for name, counts in table.items()}, indent=1) + "\n"
        )


if __name__ == "__main__":
    main()
