"""The trace localizer's last part: its two verdicts, learned on photographs that the rest never saw.

The network is more certain on its training data than elsewhere. So how likely an image was altered, and where
the mask is right, are learned last, from held-out photographs, with everything else frozen.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.models import TraceLocalization, TraceLocalizer
from tamperlens.training._device import autocast
from tamperlens.training._fit import Advance, Run, Schedule, fit
from tamperlens.training._trace_pictures import PictureSamples, Variation, as_input, sample_batches
from tamperlens.training._trace_recipe import HeadsRecipe
from tamperlens.training._trace_task import Judged, freeze_statistics, judge


@dataclass(frozen=True)
class HeadsTask:
    """Samples, loss and scores of the two verdicts.

    Attributes:
        recipe: settings.
        samples: of held-out photographs.
        validation: other pictures of them, and images of development sets.
    """

    recipe: HeadsRecipe
    samples: PictureSamples
    validation: list[Judged]

    def batches(self, _sample: int) -> Iterator[list[Tensor]]:
        """Batches without end."""
        yield from sample_batches(self.samples, self.recipe.batch_size, self.recipe.workers)

    def loss(self, model: nn.Module, batch: list[Tensor]) -> tuple[Tensor, int]:
        """Loss of a batch."""
        freeze_statistics(model)
        given, masks = as_input(batch)
        with autocast("auto", torch.device("cpu")):
            result = model(*given)
        return heads_loss(result, masks), len(masks)

    def scores(self, model: nn.Module) -> Mapping[str, float]:
        """Those of the whole network; the area under the image's ROC curve decides."""
        figures = judge(model, self.validation)
        return {**figures, "score": figures["image auc"]}


def heads_loss(result: TraceLocalization, masks: Tensor) -> Tensor:
    """Cross-entropy of the image, and of where the mask is right.

    Where it is right is learned only in altered images, with equal weight for altered and untouched places.

    Args:
        result: of the network.
        masks: (N, 1, H, W) float32, 1 where altered.
    """
    altered = masks.flatten(1).amax(1) > 0
    loss = functional.binary_cross_entropy_with_logits(result.image[:, 0], altered.float())
    if not altered.any():
        return loss
    truth = functional.avg_pool2d(masks[altered], 8) >= 0.5
    said = functional.avg_pool2d(result.logits[altered].sigmoid(), 2) >= 0.5
    inside = truth.float().mean((1, 2, 3), keepdim=True).clamp(1e-3, 1 - 1e-3)
    weight = torch.where(truth, 0.5 / inside, 0.5 / (1 - inside))
    return loss + functional.binary_cross_entropy_with_logits(
        result.decidable[altered], (truth == said).float(), weight
    )


def train_heads(
    model: TraceLocalizer,
    recipe: HeadsRecipe,
    pictures: Path,
    validation: list[Judged],
    folder: Path,
    identity: str,
    advance: Advance = lambda _: None,
) -> nn.Module:
    """Train the two verdicts of a network whose mask is final.

    Args:
        model: the network; its other weights stay unchanged.
        recipe: settings.
        pictures: folder of shards made of held-out photographs.
        validation: see `HeadsTask`.
        folder: of the run.
        identity: of the network's run.
        advance: called with each line of the log.
    """
    heads = [*model.image.parameters(), *model.decidable.parameters()]
    for parameter in model.parameters():
        parameter.requires_grad_(any(parameter is head for head in heads))
    folder.mkdir(parents=True, exist_ok=True)
    variation = Variation(crop=recipe.crop)
    samples = PictureSamples(pictures, variation, recipe.seed, folder / "reads.json")
    schedule = Schedule(
        samples=recipe.samples,
        learning_rate=recipe.learning_rate,
        warmup=recipe.samples // 20,
        decay=recipe.samples // 2,
        ema=0.99,
        validate_every=recipe.samples,
        save_every=240.0,
        seed=recipe.seed,
    )
    steps = torch.optim.AdamW(heads, recipe.learning_rate, weight_decay=1e-2)
    task = HeadsTask(recipe, samples, validation)
    return fit(Run(model, steps, f"{identity} heads", folder), task, schedule, advance)
