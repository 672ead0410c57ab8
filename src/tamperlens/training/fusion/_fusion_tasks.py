"""Which images the fusion is fitted to: how many of each sort, and for which part."""

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, get_args

from tamperlens.training.fusion._fusion_recipe import FusionRecipe
from tamperlens.training.fusion._fusion_sources import PARTS, Part, Sources

# A kind's position seeds its draws, so new ones go last.
Kind = Literal["twins", "untouched", "large", "original", "kept", "look-alike", "resaved"]

# Shares of the images, not of the photographs: a threshold needs many untouched ones.
_UNTOUCHED_PARTS: Mapping[Part, float] = {"network": 0.17, "curves": 0.13, "thresholds": 0.5, "test": 0.2}
_LARGE_TWIN_PARTS: Mapping[Part, float] = {"network": 0.15, "curves": 0.2, "thresholds": 0.45, "test": 0.2}
# From this side on, twins are made from large photographs.
_LARGE_SIDE = 1024
# Parts without thresholds or tests need only two images of a large photograph, neither of them whole.
FITTED: tuple[Part, ...] = ("network", "curves")
# Rough cost of one image without a side, in terms of a twin's side.
_COSTS: Mapping[Kind, int] = {"untouched": 500, "look-alike": 500, "large": 2000, "original": 4000}


class Task(NamedTuple):
    """One pair of twins, or one untouched image.

    Attributes:
        kind: what is made.
        part: what it is for.
        side: of twins in pixels; 0 for others.
        number: among those of its kind, part and side.
    """

    kind: Kind
    part: Part
    side: int
    number: int

    @property
    def cost(self) -> int:
        """Used to run the most expensive first."""
        return self.side or _COSTS[self.kind]

    @property
    def seeds(self) -> list[int]:
        """Seeds that make every task's draws unique."""
        return [get_args(Kind).index(self.kind), list(PARTS).index(self.part), self.side, self.number]


def tasks_of(recipe: FusionRecipe, sources: Sources) -> Iterator[Task]:
    """Everything a recipe asks for, from the available photographs."""
    yield from _twins(recipe)
    alone: Mapping[Kind, int] = {"untouched": recipe.untouched, "look-alike": recipe.look_alikes}
    for kind, count in alone.items():
        for part, share in (_UNTOUCHED_PARTS if kind == "untouched" else PARTS).items():
            yield from (Task(kind, part, 0, i) for i in range(round(share * count)))
    yield from _whole(recipe, sources)


def _twins(recipe: FusionRecipe) -> Iterator[Task]:
    made: Mapping[Kind, Mapping[str, int]] = {
        "twins": recipe.twins,
        "kept": recipe.kept,
        "resaved": recipe.resaved,
    }
    for kind, by_side in made.items():
        for side, count in by_side.items():
            shares = _LARGE_TWIN_PARTS if int(side) >= _LARGE_SIDE else PARTS
            for part, share in shares.items():
                yield from (Task(kind, part, int(side), i) for i in range(round(share * count)))


def _whole(recipe: FusionRecipe, sources: Sources) -> Iterator[Task]:
    """Photographs that are used whole: those with many pixels, and camera originals."""
    if sources.large:
        parts = [sources.part(path.stem, recipe.seed) for path in sources.large_pool().paths]
        for part in PARTS:
            images = min(2, recipe.large) if part in FITTED else recipe.large
            yield from (Task("large", part, 0, i) for i in range(parts.count(part) * images))
    scenes = [sources.part(scene, recipe.seed) for scene in sources.scenes()]
    for part in PARTS:
        yield from (Task("original", part, 0, i) for i in range(scenes.count(part) * recipe.originals))
