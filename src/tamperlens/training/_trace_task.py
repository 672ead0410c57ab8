"""The trace localizer's task: made pictures in; mask, distance from the majority and image verdict out."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.data import Sample, read_mask
from tamperlens.data.synthesis import read_shard
from tamperlens.evaluation import confusion, f1
from tamperlens.evidence import Evidence, load_evidence
from tamperlens.inputs import MeasuredMaps, coefficient_input, measured_maps
from tamperlens.models import TraceInput, TraceLocalization
from tamperlens.training._device import autocast
from tamperlens.training._losses import dice_loss
from tamperlens.training._trace_pictures import PictureSamples, Variation, as_input, sample_batches, varied
from tamperlens.training._trace_recipe import TraceLoss, TraceRecipe


@dataclass(frozen=True)
class Judged:
    """One validation image.

    Attributes:
        group: what its figures are listed under: a kind of alteration, or a dataset.
        real: whether it is an image of a dataset.
        input: of the network, one image.
        mask: (H, W) bool, of the input's size.
    """

    group: str
    real: bool
    input: TraceInput
    mask: Tensor


@dataclass(frozen=True)
class TraceTask:
    """Samples, loss and scores.

    Attributes:
        recipe: settings.
        samples: where batches come from.
        validation: made pictures of held-out photographs, and images of development sets.
    """

    recipe: TraceRecipe
    samples: PictureSamples
    validation: list[Judged]

    def batches(self, sample: int) -> Iterator[list[Tensor]]:
        """Batches of eight-bit samples without end, larger ones in the last part."""
        loop, large = self.recipe.loop, self.recipe.large
        first_large = loop.samples * (1 - large.share)
        while sample < first_large:
            for batch in sample_batches(self.samples, loop.batch_size, loop.workers):
                yield batch
                sample += len(batch[0])
                if sample >= first_large:
                    break
        larger = self.samples.cropped(large.crop)
        yield from sample_batches(larger, large.batch_size, loop.workers)

    def loss(self, model: nn.Module, batch: list[Tensor]) -> tuple[Tensor, int]:
        """Loss of a batch."""
        given, masks = as_input(batch)
        if masks.shape[-1] > self.recipe.variation.crop:
            freeze_statistics(model)
        with autocast("auto", torch.device("cpu")):
            result = model(*given)
        return trace_loss(result, masks, self.recipe.loss), len(masks)

    def scores(self, model: nn.Module) -> Mapping[str, float]:
        """F1 at 0.5 and pixel AUC of each group, false alarms on authentic ones, AUC of the image."""
        return judge(model, self.validation)


def freeze_statistics(model: nn.Module) -> None:
    """Let batch norms keep their statistics; a few large crops would give poor ones."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def trace_loss(result: TraceLocalization, masks: Tensor, weights: TraceLoss) -> Tensor:
    """Cross-entropy of every place, Dice on altered samples, and the two auxiliary losses.

    Args:
        result: of the network.
        masks: (N, 1, H, W) float32, 1 where altered.
        weights: of the parts.
    """
    target = functional.avg_pool2d(masks, 4)
    altered = masks.flatten(1).amax(1) > 0
    total = functional.binary_cross_entropy_with_logits(result.logits.float(), target)
    if altered.any():
        part = dice_loss(result.logits.float()[altered], target[altered])
        total = total + weights.dice * altered.float().mean() * part
    coarse = functional.avg_pool2d(masks, 8)
    total = total + weights.apart * functional.binary_cross_entropy_with_logits(result.apart, coarse)
    image = functional.binary_cross_entropy_with_logits(result.image[:, 0], altered.float())
    return total + weights.image * image


def made_validation(folder: Path, count: int, crop: int = 256) -> list[Judged]:
    """Crops of held-out pictures, not varied otherwise; groups are the kinds."""
    plain = Variation(crop, 0.0, 0.0, 0.0, 0.0)
    rng = np.random.default_rng(0)
    judged = []
    pictures = (picture for path in sorted(folder.glob("*.tar")) for picture in read_shard(path))
    for picture in islice(pictures, count):
        given, mask = as_input([each[None] for each in varied([picture], plain, rng)[0]])
        judged.append(Judged(picture.kind, False, given, mask[0, 0] > 0))
    return judged


def real_validation(name: str, samples: Iterable[Sample], cache: Path) -> list[Judged]:
    """Whole images of a development set, cut to multiples of 32 pixels at the right and bottom.

    Args:
        name: of the set.
        samples: its images.
        cache: folder where their measured maps are kept.
    """
    judged = []
    for sample in samples:
        evidence = load_evidence(sample.path)
        height, width = (side // 32 * 32 for side in evidence.pixels.shape[:2])
        mask = np.zeros(evidence.pixels.shape[:2], bool)
        if sample.mask is not None:
            mask = read_mask(sample.mask, sample.mask_colour)
        if mask.shape == evidence.pixels.shape[:2] and min(height, width) >= 128:
            given = network_input(evidence, kept_maps(evidence, cache), height, width)
            judged.append(Judged(name, True, given, torch.from_numpy(mask[:height, :width].copy())))
    return judged


def kept_maps(evidence: Evidence, cache: Path) -> MeasuredMaps:
    """Measured maps of an image, made once and kept."""
    path = cache / f"{evidence.sha256[:16]}.npz"
    if path.exists():
        kept = np.load(path)
        return MeasuredMaps(kept["values"], tuple(bool(each) for each in kept["valid"]))
    maps = measured_maps(evidence)
    cache.mkdir(parents=True, exist_ok=True)
    np.savez(path, values=maps.values, valid=maps.valid)
    return maps


def network_input(evidence: Evidence, maps: MeasuredMaps, height: int, width: int) -> TraceInput:
    """The input of one image, cut to a size at the right and bottom."""
    coefficients = coefficient_input(
        evidence.coefficients(), evidence.height, evidence.width, evidence.orientation
    )
    inside = np.s_[:, : height // 8, : width // 8]
    pixels = np.ascontiguousarray(evidence.pixels[:height, :width].transpose(2, 0, 1))
    flags = np.array([coefficients.exist, *maps.valid], np.float32)
    return TraceInput(
        torch.from_numpy(pixels)[None].float() / 255,
        torch.from_numpy(coefficients.levels[inside].copy())[None],
        torch.from_numpy(coefficients.steps)[None],
        torch.from_numpy(coefficients.histogram())[None],
        torch.from_numpy(maps.values[inside].copy())[None].float() / 255,
        torch.from_numpy(flags)[None],
    )


@torch.no_grad()
def answer(model: nn.Module, image: Judged) -> tuple[NDArray[np.float32], float]:
    """A network's output for a validation image: (H, W) probabilities, and the image's log-odds."""
    with autocast("auto", torch.device("cpu")):
        result = model(*image.input)
    logits = functional.interpolate(result.logits.float(), scale_factor=4.0, mode="bilinear")[0, 0]
    return logits.sigmoid().numpy(), float(result.image[0, 0])


def judge(model: nn.Module, validation: list[Judged]) -> dict[str, float]:
    """Figures of a network.

    Returns:
        For each group `<group> f1` at 0.5 and `<group> auc` of pixels, both averaged over altered images;
        `authentic marked`, the mean share of an untouched image that is marked; `image auc`; `score`,
        the mean F1 of all groups minus the mean share falsely marked.
    """
    figures: dict[str, list[float]] = {}
    images: list[tuple[bool, float]] = []
    for each in validation:
        probability, margin = answer(model, each)
        mask = each.mask.numpy()
        images.append((bool(mask.any()), margin))
        if not mask.any():
            figures.setdefault("authentic marked", []).append(float((probability >= 0.5).mean()))
            continue
        found = float(f1(confusion(probability >= 0.5, mask)))
        figures.setdefault(f"{each.group} f1", []).append(found)
        if not mask.all():
            figures.setdefault(f"{each.group} auc", []).append(_auc(probability, mask))
    means = {name: float(np.mean(values)) for name, values in figures.items()}
    f1s = [value for name, value in means.items() if name.endswith(" f1")]
    marked = [value for name, value in means.items() if name.endswith(" marked")]
    means["image auc"] = _auc(
        np.array([score for _, score in images]), np.array([altered for altered, _ in images])
    )
    means["score"] = float(np.mean(f1s)) - float(np.mean(marked or [0.0]))
    return means


def _auc(values: NDArray[np.floating], truth: NDArray[np.bool_]) -> float:
    """Area under the ROC curve; NaN if there is only one class."""
    truth = truth.ravel()
    return float(roc_auc_score(truth, values.ravel())) if 0 < truth.mean() < 1 else math.nan
