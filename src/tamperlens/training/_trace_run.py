"""From the trace localizer's recipe and made pictures to its trained network."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch

from tamperlens.data import Sample
from tamperlens.errors import RecipeError
from tamperlens.examine import load_weight
from tamperlens.examine.networks import WEIGHTS_DIRECTORY
from tamperlens.models import TraceLocalizer
from tamperlens.training._fit import Advance, Run, Schedule, fit
from tamperlens.training._shipped import load_shipped
from tamperlens.training._trace_heads import train_heads
from tamperlens.training._trace_pictures import PictureSamples, Variation, as_input, sample_batches
from tamperlens.training._trace_recipe import TraceRecipe
from tamperlens.training._trace_task import Judged, TraceTask, made_validation, real_validation

# Batches that give the statistics of a network from its shipped file, whose normalisations are folded.
_STATISTICS = 32


@dataclass(frozen=True)
class TracePictures:
    """The pictures for training and validation.

    Attributes:
        train: folder of shards made of photographs for training.
        held: folder of shards made of held-out photographs, for validation.
        heads: folder of other shards made of them, for the verdicts learned last; None for none.
        real: name → samples of a development set, which is never tested on.
        validated: number of made pictures for validation.
    """

    train: Path
    held: Path
    real: Mapping[str, Iterable[Sample]]
    validated: int = 400
    heads: Path | None = None


def train_trace_localizer(
    recipe: TraceRecipe,
    pictures: TracePictures,
    folder: Path,
    advance: Advance = lambda _: None,
    weights: Path = WEIGHTS_DIRECTORY,
) -> TraceLocalizer:
    """Train on the CPU, continuing the folder's run if there is one.

    Args:
        recipe: settings.
        pictures: shards and development sets.
        folder: of the run.
        weights: folder of the weight that the recipe starts from.
        advance: called with each line of the log.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recipe.json").write_text(recipe.model_dump_json(indent=1) + "\n", encoding="utf-8")
    torch.manual_seed(recipe.seed)
    reads = folder / "reads.json"
    samples = PictureSamples(pictures.train, Variation(**recipe.variation.model_dump()), recipe.seed, reads)
    model = _first(recipe, samples, weights)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    validation = validation_of(recipe, pictures, folder)
    task = TraceTask(recipe, samples, validation)
    optimizer, loop = recipe.optimizer, recipe.loop
    schedule = Schedule(
        samples=loop.samples,
        learning_rate=optimizer.learning_rate,
        warmup=optimizer.warmup_samples,
        decay=round(optimizer.decay_share * loop.samples),
        ema=optimizer.ema,
        validate_every=loop.validate_every,
        save_every=loop.save_every,
        seed=recipe.seed,
    )
    encoder = list(model.encoder.parameters())
    # What is learned last takes no part in the main training.
    known = {id(parameter) for parameter in (*encoder, *model.decidable.parameters())}
    groups = [
        {"params": encoder, "scale": optimizer.encoder_share},
        {"params": [each for each in model.parameters() if id(each) not in known], "scale": 1.0},
    ]
    steps = torch.optim.AdamW(groups, optimizer.learning_rate, weight_decay=optimizer.weight_decay)
    found = fit(Run(model, steps, identity(recipe), folder), task, schedule, advance)
    model.load_state_dict(found.state_dict())
    if pictures.heads is not None and recipe.heads.samples:
        last = folder / "heads"
        found = train_heads(model, recipe.heads, pictures.heads, validation, last, identity(recipe), advance)
        model.load_state_dict(found.state_dict())
    return model.eval()


def _first(recipe: TraceRecipe, samples: PictureSamples, weights: Path) -> TraceLocalizer:
    """The network that a run starts with."""
    if recipe.start is None:
        return TraceLocalizer(**{**recipe.model, "pretrained": True})
    weight = load_weight(recipe.start.weight, weights)
    if weight.sha256 != recipe.start.sha256:
        raise RecipeError(f"{recipe.name} goes on from another version of the weight {recipe.start.weight}")
    model = TraceLocalizer(**recipe.model)
    batches = islice(sample_batches(samples, recipe.loop.batch_size, 0), _STATISTICS)
    given = [as_input(batch)[0] for batch in batches]
    load_shipped(model, weight.model, given[0], given)
    return model


def validation_of(recipe: TraceRecipe, pictures: TracePictures, folder: Path) -> list[Judged]:
    """A run's validation images; the maps of real ones are measured once and kept in its folder."""
    validation = made_validation(pictures.held, pictures.validated, recipe.variation.crop)
    for name, images in pictures.real.items():
        validation += real_validation(name, images, folder / "maps")
    return validation


def identity(recipe: TraceRecipe) -> str:
    """What must match for a run to be continued: network, start and seed; the rest may change."""
    content = {"seed": recipe.seed, "model": dict(recipe.model)}
    if recipe.start is not None:
        content["start"] = recipe.start.sha256
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
