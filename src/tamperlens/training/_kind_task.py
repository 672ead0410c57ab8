"""What the two kind classifiers learn, and how they are scored in training."""

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.models import Kinds
from tamperlens.training._device import autocast
from tamperlens.training._forged_recipe import ForgedRecipe
from tamperlens.training._kind_tensors import LabelledKinds

_BATCH = 16


def kind_loss(weights: Tensor, result: Kinds, labels: Tensor) -> Tensor:
    """Cross-entropy, with more weight for rare kinds, plus that of "tampered" if the network has such a head.

    Args:
        weights: (K,) of the kinds.
        result: of the network.
        labels: (N,) int64; with a second head, 0 is "authentic".
    """
    loss = functional.cross_entropy(result.logits.float(), labels, weights.to(labels.device))
    if result.tampered is None:
        return loss
    tampered = (labels > 0).float()[:, None]
    return loss + functional.binary_cross_entropy_with_logits(result.tampered.float(), tampered)


def kind_weights(shares: list[float]) -> Tensor:
    """Weights proportional to one over the square root of a kind's share, one on average."""
    weights = 1 / torch.tensor(shares).sqrt()
    return weights / weights.mean()


@torch.no_grad()
def predict_kinds(
    model: nn.Module, part: LabelledKinds, recipe: ForgedRecipe, device: torch.device
) -> NDArray[np.float32]:
    """Log-odds (N, K) of the validation images."""
    model.eval()
    logits = []
    for start in range(0, len(part.labels), _BATCH):
        batch = torch.from_numpy(part.features[start : start + _BATCH]).to(device).float().div(255)
        with autocast(recipe.loop.precision, device):
            logits.append(model(batch.contiguous(memory_format=torch.channels_last)).logits.float().cpu())
    return torch.cat(logits).numpy()


def macro_f1(model: nn.Module, part: LabelledKinds, recipe: ForgedRecipe, device: torch.device) -> float:
    """Mean F1 over the kinds."""
    predicted = predict_kinds(model, part, recipe, device).argmax(axis=1)
    return float(f1_score(part.labels, predicted, average="macro"))
