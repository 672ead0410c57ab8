"""A trained U-Net as the teacher of a localizer that starts from random weights.

Masks say too little for a few thousand steps from a random start. A trained encoder's stages say at every
place what is worth distinguishing, and predicting them from one's own stages is quickly learned. Its map says
which altered pixels can be recognised at all: much of what is forged leaves nothing to see.

Reference: A. Romero et al., "FitNets: hints for thin deep nets" (2015); G. Hinton et al.,
"Distilling the knowledge in a neural network" (2015).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

import torch
from torch import Tensor, nn
from torch.nn import functional

from tamperlens.errors import RecipeError, UnknownNameError
from tamperlens.examine import load_weight
from tamperlens.inputs import NetworkInput
from tamperlens.models import DualConvNext, Localization, UnetLocalizer
from tamperlens.training._forged_recipe import LocalizerRecipe
from tamperlens.training._shipped import load_shipped

_LIMIT = 4.0  # standard deviations; a few places go far beyond, and their squares would dominate the loss


@dataclass(frozen=True)
class Teacher:
    """A trained U-Net and the input it reads, whose first three channels are colour."""

    network: UnetLocalizer
    network_input: NetworkInput

    @classmethod
    def find(cls, name: str, runs: Path) -> Self:
        """The best weights of the run with that name in `runs`, or else the shipped weight.

        Raises:
            RecipeError: there is neither.
        """
        if (runs / name / "best.pt").exists():
            return cls.from_run(runs / name)
        try:
            weight = load_weight(name)
        except UnknownNameError as error:
            raise RecipeError(
                f"the teacher {name} is neither a run in {runs} nor a weight that ships; train it first"
            ) from error
        network, network_input = _untrained(LocalizerRecipe.model_validate(weight.training["recipe"]))
        load_shipped(network, weight.model, torch.zeros(1, network_input.channels, 64, 64))
        return cls(network.eval().requires_grad_(False), network_input)

    @classmethod
    def from_run(cls, run: Path) -> Self:
        """The best weights of a U-Net's run."""
        recipe = (run / "recipe.json").read_text(encoding="utf-8")
        network, network_input = _untrained(LocalizerRecipe.model_validate_json(recipe))
        network.load_state_dict(torch.load(run / "best.pt", map_location="cpu", weights_only=True))
        return cls(network.eval().requires_grad_(False), network_input)


def _untrained(recipe: LocalizerRecipe) -> tuple[UnetLocalizer, NetworkInput]:
    network_input, model = recipe.input.settings(), {**recipe.model, "pretrained": False}
    return UnetLocalizer(network_input.channels, **model), network_input  # type: ignore[arg-type]


class Taught(NamedTuple):
    """A pupil's output in training, and how far it is from the teacher's.

    Attributes:
        localization: the output.
        stages: mean squared difference of the stages.
        map: cross-entropy of the output against the teacher's probabilities.
    """

    localization: Localization
    stages: Tensor
    map: Tensor


class Pupil(nn.Module):
    """A localizer that reads colour and, in training, predicts the teacher's stages from its own.

    The teacher is not part of the state: it is neither averaged nor saved.

    Args:
        localizer: the network that learns.
        teacher: a U-Net with stages at the same scales.
    """

    def __init__(self, localizer: DualConvNext, teacher: UnetLocalizer) -> None:
        super().__init__()
        self.localizer = localizer
        widths = zip(localizer.stage_channels, teacher.stage_channels, strict=True)
        self.heads = nn.ModuleList(nn.Conv2d(own, there, 1) for own, there in widths)
        self._teacher = [teacher]

    def forward(self, features: Tensor) -> Taught | Localization:
        """The localizer's output; in training mode also how far it is from the teacher's.

        Args:
            features: (N, C, H, W) float32 in 0..1, the teacher's input; in evaluation mode its colour
                channels are enough.
        """
        stages, edges = self.localizer.encode(features[:, :3].contiguous(memory_format=torch.channels_last))
        answer = self.localizer.decode(stages, edges)
        if not self.training:
            return answer
        with torch.no_grad():
            stages_there, logits_there = self._teacher[0].taught(features)
            taught = [_standardised(stage.float()) for stage in stages_there]
        differences = [
            functional.mse_loss(head(own).float(), there)
            for head, own, there in zip(self.heads, stages, taught, strict=True)
        ]
        entropy = functional.binary_cross_entropy_with_logits(
            answer.logits.float(), logits_there.float().sigmoid()
        )
        return Taught(answer, torch.stack(differences).mean(), entropy)

    def load_best(self, path: Path) -> DualConvNext:
        """The localizer alone, in evaluation mode, with a run's best weights."""
        self.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        return self.localizer.eval()


def _standardised(stage: Tensor) -> Tensor:
    """Each channel with mean 0 and deviation 1 over the batch, limited."""
    mean, deviation = stage.mean((0, 2, 3), keepdim=True), stage.std((0, 2, 3), keepdim=True)
    return ((stage - mean) / (deviation + 1e-3)).clamp(-_LIMIT, _LIMIT)
