"""One call for every system: a recipe and data in, a folder with a calibrated weight out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tamperlens.data import find_samples, split_by_source
from tamperlens.errors import RecipeError
from tamperlens.training._fit import Advance
from tamperlens.training._forged_recipe import KindRecipe, LocalizerRecipe
from tamperlens.training._kind_run import train_kinds
from tamperlens.training._localizer_run import TrainingImages, train_localizer
from tamperlens.training._recipe import MultiFusionRecipe, Recipe
from tamperlens.training._recipes import AnyRecipe
from tamperlens.training._run import Progress, train_recipe
from tamperlens.training._trace_finish import finish_trace_localizer
from tamperlens.training._trace_recipe import TraceRecipe
from tamperlens.training._trace_run import TracePictures, train_trace_localizer, validation_of


@dataclass(frozen=True)
class TrainingData:
    """The user's data to train from; each system uses what it needs.

    Attributes:
        data: folder of datasets.
        photos: folders of photographs to forge from.
        generator: folder of the tiny autoencoder for AI-like edits; None to resample instead.
        real: names of datasets under `data` to validate on, never to test on.
        denoiser: file of the trained DnCNN.
        pictures: folder of shards of made pictures.
        held: folder of shards of held-out photographs.
        heads: folder of other shards of them, for what is learned last.
    """

    data: Path | None = None
    photos: Sequence[Path] = ()
    generator: Path | None = None
    real: Sequence[str] = ()
    denoiser: Path | None = None
    pictures: Path | None = None
    held: Path | None = None
    heads: Path | None = None

    def validation_sets(self) -> dict[str, Any]:
        """Name → samples of each of `real`."""
        if self.real and self.data is None:
            raise RecipeError(f"the datasets {', '.join(self.real)} need their folder: give it with --data")
        return {name: find_samples(name, self.data) for name in self.real} if self.data else {}


@dataclass(frozen=True)
class Watch:
    """Where a training reports its progress.

    Attributes:
        extracting: called with (images finished since the last call, images in all).
        validated: called with each line of the log.
    """

    extracting: Callable[[int, int], None] = field(default=lambda _done, _total: None)
    validated: Advance = field(default=lambda _line: None)


Trainer = Callable[[Any, TrainingData, Path, str, Watch], None]


def train(
    recipe: AnyRecipe, given: TrainingData, runs: Path, device: str = "auto", watch: Watch | None = None
) -> Path:
    """Train a recipe's system; if killed and called again, it continues where it was.

    Args:
        recipe: result of `load_recipe`.
        given: data.
        runs: folder of runs; this one is named after the recipe.
        device: "auto", "cpu", "cuda" or "mps".
        watch: where to report.

    Returns:
        The run's folder.

    Raises:
        RecipeError: the system is fitted, not trained, or something it needs is missing.
    """
    if type(recipe) not in TRAINERS:
        raise RecipeError(f"{recipe.name} is fitted to examined images: use tamperlens fuse")
    folder = runs / recipe.name
    TRAINERS[type(recipe)](recipe, given, folder, device, watch or Watch())
    return folder


def _classifier(
    recipe: Recipe | MultiFusionRecipe, given: TrainingData, folder: Path, device: str, watch: Watch
) -> None:
    if given.data is None:
        raise RecipeError(f"{recipe.name} is trained on {recipe.dataset}: give its folder with --data")
    samples = find_samples(recipe.dataset, given.data)
    split = split_by_source(samples, recipe.seed, recipe.split)
    progress = Progress(watch.extracting, watch.validated)
    cache = folder.parent / "cache"
    train_recipe(recipe, samples, split, folder, cache, device, progress, given.denoiser)


def _forged_images(recipe: LocalizerRecipe | KindRecipe, given: TrainingData) -> TrainingImages:
    if not given.photos:
        raise RecipeError(
            f"{recipe.system} is trained on forged photographs: give their folder with --photos"
        )
    return TrainingImages(given.photos, given.generator, given.validation_sets())


def _localizer(recipe: LocalizerRecipe, given: TrainingData, folder: Path, device: str, watch: Watch) -> None:
    train_localizer(recipe, _forged_images(recipe, given), folder, device, watch.validated)


def _kinds(recipe: KindRecipe, given: TrainingData, folder: Path, device: str, watch: Watch) -> None:
    train_kinds(recipe, _forged_images(recipe, given), folder, device, watch.validated)


def _trace_localizer(
    recipe: TraceRecipe, given: TrainingData, folder: Path, device: str, watch: Watch
) -> None:
    if given.pictures is None or given.held is None:
        raise RecipeError(
            f"{recipe.name} is trained on made pictures: give their folders with --pictures and --held; "
            "tamperlens pictures makes them"
        )
    if device not in {"auto", "cpu"}:
        raise RecipeError(f"{recipe.name} is trained on the processor, not on '{device}'")
    pictures = TracePictures(given.pictures, given.held, given.validation_sets(), heads=given.heads)
    model = train_trace_localizer(recipe, pictures, folder, watch.validated)
    finish_trace_localizer(model, recipe, validation_of(recipe, pictures, folder), folder)


TRAINERS: Mapping[type, Trainer] = MappingProxyType(
    {
        Recipe: _classifier,
        MultiFusionRecipe: _classifier,
        LocalizerRecipe: _localizer,
        KindRecipe: _kinds,
        TraceRecipe: _trace_localizer,
    }
)
