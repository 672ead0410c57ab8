"""Learn the rules that tell photographs from other pictures.

    python benchmarks/traces/learn_scope.py --photographs DIR [DIR ...] [--signs signs.jsonl] [--write]

Photographs are measured as found, saved again at JPEG quality 30 to 75, and made small; of each kind in
`made_kinds.py` as many pictures are made as --made says, as PNG and as JPEG. Each kind has a few ways, each
of up to four conditions on signs that mean something for it. They are grown one by one (as in Cohen, "Fast
effective rule induction", 1995): the condition that gains most on pictures of the kind against photographs
and other kinds, until no photograph is left, then the next way for what is not covered yet. A photograph
counts twenty times a picture of another kind. --signs keeps what was measured.
"""

import argparse
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from made_kinds import MADE

from tamperlens.errors import EvidenceError
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.evidence._scope import measure

RULES = Path(__file__).parents[2] / "src/tamperlens/evidence/scope_rules.toml"
# Parts of paths in the folders of photographs that a person saw to be none: masks, pages, plots, games.
OTHER_FILES = (
    "bb7344a2ba499b2d", "ebfd571f1c682431", "4cd6910a0b7b3936", "ef576c4ed599d75d",
    "newplot", "26103251787", "1454613116", "mask",
)  # fmt: skip
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".bmp"}
# Signs that mean something for a kind, and whether more (+) or less (-) of them speaks for it; in the order
# in which kinds are asked. A kind that comes in two sorts is asked for twice.
SIGNS = (
    ("noise", "-whiteness"),
    ("document", "+text +lettered +letters +page -colour -hues -saturation"),
    ("document", "+text +lettered +letters +page +soft"),
    ("screenshot", "+plain +alike +common +text +letters +lettered +outside +edge"),
    ("print", "+dots"),
    ("medical or microscope", "+round"),
    ("drawing", "+flat +alike +common +busy_range -soft -colours"),
    ("drawing", "+plain +alike +common +busy_range -soft -colours"),
    ("false colour", "+hues -colours +saturation +gray"),
)
LONGEST, WAYS, CONDITIONS = 1600, 4, 4
# What a photograph counts against a picture of another kind; the least share of its kind that a way covers.
WEIGHT, OTHER, LEAST = 20.0, 1.0, 0.06


@dataclass(frozen=True)
class Row:
    """One measured picture: what it is called, its kind, its signs, its file."""

    name: str
    kind: str
    signs: dict[str, float]
    file: str = ""


def found(folder: Path, limit: int) -> list[Path]:
    """The first files of a folder by a fixed shuffle."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    random.Random(0).shuffle(paths)
    return paths[:limit]


def reduced_to(pixels: np.ndarray, longest: int) -> np.ndarray:
    factor = longest / max(pixels.shape[:2])
    if factor >= 1:
        return pixels
    size = (round(pixels.shape[1] * factor), round(pixels.shape[0] * factor))
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def saved(pixels: np.ndarray, quality: int | None) -> np.ndarray:
    return (
        pixels
        if quality is None
        else load_evidence(encode_jpeg(np.ascontiguousarray(pixels), quality)).pixels
    )


def photographs(rng: np.random.Generator, paths: list[Path]) -> Iterator[tuple[Path, str, np.ndarray]]:
    """File, what it is called, and pixels: as found, and saved again or made small."""
    for index, path in enumerate(paths):
        try:
            pixels = reduced_to(load_evidence(path).pixels, LONGEST)
        except EvidenceError:
            continue
        if min(pixels.shape[:2]) < 64:
            continue
        yield path, "as found", pixels
        if index % 2 == 0:
            yield path, "saved again", saved(pixels, int(rng.integers(30, 75)))
        elif index % 4 == 1:
            small = reduced_to(pixels, int(rng.integers(250, 700)))
            yield path, "small", saved(small, int(rng.integers(60, 95)))


def made(rng: np.random.Generator, paths: list[Path], count: int) -> Iterator[tuple[str, str, np.ndarray]]:
    """Name, kind and pixels of made pictures, as PNG and as JPEG of several qualities."""
    for name, (kind, make) in MADE.items():
        for _ in range(count):
            photo = reduced_to(
                load_evidence(paths[int(rng.integers(len(paths)))]).pixels, int(rng.integers(400, 1100))
            )
            quality = (None, 95, 85, 70, 50)[int(rng.integers(5))]
            if quality is None and "photographed" in name:
                quality = 90
            yield name, kind, saved(np.ascontiguousarray(make(rng, photo)), quality)


def measured(folders: list[Path], limit: int, count: int, seed: int) -> Iterator[Row]:
    rng = np.random.default_rng(seed)
    paths = [path for folder in folders for path in found(folder, limit)]
    for path, name, pixels in photographs(rng, paths):
        if not any(mark in str(path) for mark in OTHER_FILES):
            yield Row(name, "photograph", measure(pixels)[0], path.name)
    for name, kind, pixels in made(rng, paths, count):
        yield Row(name, kind, measure(pixels)[0])


Condition = tuple[str, str, float]


def holds(values: np.ndarray, says: str, limit: float) -> np.ndarray:
    return values < limit if says == "<" else values >= limit


def best_condition(
    columns: dict[str, np.ndarray], wanted: np.ndarray, weights: np.ndarray, signs: list[tuple[str, str]]
) -> tuple[float, Condition] | None:
    """The condition that gains most: wanted pictures kept × what their share of all kept grows by."""
    p, n = wanted.sum(), weights[~wanted].sum()
    before = np.log2(p / (p + n))
    best: tuple[float, Condition] | None = None
    for direction, sign in signs:
        values, says = columns[sign], ">=" if direction == "+" else "<"
        for limit in np.unique(np.quantile(values[wanted], np.linspace(0, 1, 41))):
            wide = midway(values, wanted, says, float(limit))
            kept = holds(values, says, wide)
            p1, n1 = (kept & wanted).sum(), weights[kept & ~wanted].sum()
            gain = p1 * (np.log2(p1 / (p1 + n1)) - before) if p1 else 0.0
            if best is None or gain > best[0]:
                best = gain, (sign, says, wide)
    return best


def midway(values: np.ndarray, wanted: np.ndarray, says: str, limit: float) -> float:
    """A limit half-way from the last wanted picture kept to the next unwanted one, in three digits."""
    if says == ">=":
        return -midway(-values, wanted, "<", -limit)
    beyond = values[~wanted & (values > limit)]
    end = beyond.min() if len(beyond) else limit + abs(limit) + 1
    return float(f"{(limit + end) / 2:.3g}")


def grow(
    columns: dict[str, np.ndarray], wanted: np.ndarray, weights: np.ndarray, signs: list[tuple[str, str]]
) -> tuple[Condition, ...]:
    kept, conditions = np.ones(len(wanted), bool), []
    while len(conditions) < CONDITIONS and weights[kept & ~wanted].sum() > 0:
        part = {sign: values[kept] for sign, values in columns.items()}
        best = best_condition(part, wanted[kept], weights[kept], signs)
        if best is None or best[0] <= 0:
            break
        conditions.append(best[1])
        kept &= holds(columns[best[1][0]], *best[1][1:])
    return merged(conditions)


def merged(conditions: list[Condition]) -> tuple[Condition, ...]:
    """One condition for each sign: its strictest."""
    strictest: dict[str, Condition] = {}
    for sign, says, limit in conditions:
        old = strictest.get(sign, (sign, says, limit))[2]
        strictest[sign] = sign, says, max(old, limit) if says == ">=" else min(old, limit)
    return tuple(strictest.values())


def learn(rows: list[Row]) -> list[tuple[str, tuple[Condition, ...], float, int]]:
    """Ways: kind, conditions, share of the kind's pictures that it adds, photographs that it takes."""
    kinds = np.array([row.kind for row in rows])
    columns = {sign: np.array([row.signs[sign] for row in rows]) for sign in rows[0].signs}
    photograph, ways = kinds == "photograph", []
    left = kinds != "framed photograph"  # told by the frame itself
    for kind, signs in SIGNS:
        of_kind = kinds == kind
        for _ in range(WAYS):
            part = {sign: values[left] for sign, values in columns.items()}
            wanted = of_kind[left]
            if wanted.sum() < LEAST * of_kind.sum():
                break
            weights = np.where(photograph[left], WEIGHT, OTHER)
            conditions = grow(part, wanted, weights, [(word[0], word[1:]) for word in signs.split()])
            takes = np.logical_and.reduce([holds(columns[s], says, limit) for s, says, limit in conditions])
            new, lost = (takes & left & of_kind).sum() / of_kind.sum(), int((takes & photograph).sum())
            if new < LEAST or lost > 0.0015 * photograph.sum():
                break
            ways.append((kind, conditions, float(new), lost))
            left &= ~takes
    return ways


def written(ways: list[tuple[str, tuple[Condition, ...], float, int]]) -> str:
    lines = [
        "# Which signs show that a picture is not a photograph: the first rule that holds names its kind.",
        "# Written by benchmarks/traces/learn_scope.py, which explains how; it may be edited by hand.",
    ]
    for kind, conditions, share, lost in ways:
        all_of = ", ".join(f'["{sign}", "{says}", {limit:g}]' for sign, says, limit in conditions)
        lines += [
            "",
            f"# {share:.0%} of the made pictures of this kind that came this far; {lost} photographs.",
            "[[way]]",
        ]
        lines += [f'kind = "{kind}"', f"all = [{all_of}]"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photographs", type=Path, nargs="+", default=[])
    parser.add_argument("--limit", type=int, default=70)
    parser.add_argument("--made", type=int, default=24)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--signs", type=Path, help="measured once, read again where it exists")
    parser.add_argument("--write", action="store_true", help="into the package")
    options = parser.parse_args()
    if options.signs and options.signs.exists():
        rows = [Row(**json.loads(line)) for line in options.signs.read_text().splitlines()]
    else:
        rows = list(measured(options.photographs, options.limit, options.made, options.seed))
        if options.signs:
            options.signs.write_text("".join(json.dumps(vars(row)) + "\n" for row in rows))
    text = written(learn(rows))
    print(text)
    if options.write:
        RULES.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
