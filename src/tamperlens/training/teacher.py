"""A trained U-Net as the teacher of a localizer that starts from random weights.

Masks say too little for a few thousand steps from a random start. The stages of a trained encoder say at
every place what is worth telling apart; to predict them from one's own stages is learned quickly.

Reference: A. Romero et al., "FitNets: hints for thin deep nets" (2015).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.errors import RecipeError
from tamperlens.models import DualConvNext, Localization, UnetLocalizer
from tamperlens.traces.network_input import NetworkInput
from tamperlens.training.forged_recipe import LocalizerRecipe

_LIMIT = 4.0  # standard deviations; few places go far beyond, and their squares would rule the loss


@dataclass(frozen=True)
class Teacher:
    """A trained U-Net and the input it reads, whose first three channels are colour."""

    network: UnetLocalizer
    network_input: NetworkInput

    @classmethod
    def from_run(cls, run: Path) -> Self:
        """The best weights of a U-Net's run.

        Raises:
            RecipeError: there is no such run.
        """
        weights, recipe = run / "best.pt", run / "recipe.json"
        if not weights.exists() or not recipe.exists():
            raise RecipeError(
                f"the teacher is the run {run.name}: {weights} does not exist; train that first"
            )
        settings = LocalizerRecipe.model_validate_json(recipe.read_text(encoding="utf-8"))
        network_input, model = settings.input.settings(), {**settings.model, "pretrained": False}
        network = UnetLocalizer(network_input.channels, **model)  # type: ignore[arg-type]
        network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
        return cls(network.eval().requires_grad_(False), network_input)


class Taught(NamedTuple):
    """A pupil's answer while it learns, and the mean squared difference of its stages from the teacher's."""

    localization: Localization
    difference: Tensor


class Pupil(nn.Module):
    """A localizer that reads colour and, while it learns, predicts the teacher's stages from its own.

    The teacher is no part of the state: it is neither averaged nor saved.

    Args:
        localizer: the network that learns.
        teacher: a U-Net; its stages lie at the same scales.
    """

    def __init__(self, localizer: DualConvNext, teacher: UnetLocalizer) -> None:
        super().__init__()
        self.localizer = localizer
        widths = zip(localizer.stage_channels, teacher.stage_channels, strict=True)
        self.heads = nn.ModuleList(nn.Conv2d(own, there, 1) for own, there in widths)
        self._teacher = [teacher]

    def forward(self, features: Tensor) -> Taught | Localization:
        """The localizer's answer; in training mode also how far it is from the teacher.

        Args:
            features: (N, C, H, W) float32 in 0..1, the teacher's input; its colour alone will do in
                evaluation mode.
        """
        stages, edges = self.localizer.encode(features[:, :3].contiguous(memory_format=torch.channels_last))
        answer = self.localizer.decode(stages, edges)
        if not self.training:
            return answer
        with torch.no_grad():
            taught = [_standardised(stage.float()) for stage in self._teacher[0].stages(features)]
        differences = [
            functional.mse_loss(head(own).float(), there)
            for head, own, there in zip(self.heads, stages, taught, strict=True)
        ]
        return Taught(answer, torch.stack(differences).mean())

    def load_best(self, path: Path) -> DualConvNext:
        """The localizer alone, in evaluation mode, with the best weights of a run."""
        self.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        return self.localizer.eval()


def _standardised(stage: Tensor) -> Tensor:
    """Each channel with mean 0 and deviation 1 over the batch, limited."""
    mean, deviation = stage.mean((0, 2, 3), keepdim=True), stage.std((0, 2, 3), keepdim=True)
    return ((stage - mean) / (deviation + 1e-3)).clamp(-_LIMIT, _LIMIT)
