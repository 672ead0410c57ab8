"""How the classifiers differ: input, network and exported graph; `run.train_recipe` does the rest."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from torch import nn

from tamperlens.errors import RecipeError
from tamperlens.inputs import SquareImage
from tamperlens.models import MODELS, DnCnn, MultiFusion, load_dncnn
from tamperlens.training._denoising import denoise, export_denoiser, put_before
from tamperlens.training._export import export_onnx
from tamperlens.training._features import Extractor
from tamperlens.training._recipe import MultiFusionRecipe, Recipe

Tensors = NDArray[np.float16]


class Classifier(Protocol):
    """A system being trained."""

    extractor: Extractor

    def settings(self) -> Mapping[str, Any]:
        """The manifest's `features`: what the detector needs to rebuild the input."""
        ...

    def prepare(self, tensors: Tensors, advance: Callable[[int], None]) -> Tensors:
        """What the network sees in training, from extracted tensors (N, V, C, side, side)."""
        ...

    def network(self) -> nn.Module:
        """The network before training."""
        ...

    def export(self, model: nn.Module, path: Path) -> None:
        """Write the trained network as ONNX, from extracted tensor to output."""
        ...


class HandcraftedClassifier:
    """The lightweight CNN: features computed outside the network."""

    def __init__(self, recipe: Recipe) -> None:
        self.system, self.config = recipe.system, recipe.features.config()
        self.extractor: Extractor = self.config

    def settings(self) -> Mapping[str, Any]:
        """The extractor's."""
        return asdict(self.config)

    def prepare(self, tensors: Tensors, advance: Callable[[int], None]) -> Tensors:  # noqa: ARG002
        """Nothing to prepare."""
        return tensors

    def network(self) -> nn.Module:
        """Random weights."""
        return MODELS[self.system](channels=self.config.channels)

    def export(self, model: nn.Module, path: Path) -> None:
        """For any size."""
        export_onnx(model, self.config.channels, self.config.side, path)


class MultiFusionClassifier:
    """MultiFusion: a frozen denoiser runs once per image, before the trained graph; a tuned one is in it.

    Args:
        recipe: settings.
        denoiser: file of the trained DnCNN.
        cache: folder for the output of the frozen one.

    Raises:
        RecipeError: there is no denoiser.
    """

    def __init__(self, recipe: MultiFusionRecipe, denoiser: Path | None, cache: Path) -> None:
        if denoiser is None:
            raise RecipeError(
                f"{recipe.name} starts from a trained DnCNN: give its safetensors file with --denoiser"
            )
        self.recipe, self.cache = recipe, cache
        self.config = SquareImage(recipe.features.side)
        self.extractor: Extractor = self.config
        self.denoiser: DnCnn = load_dncnn(denoiser, recipe.features.denoising)
        self.frozen = recipe.features.denoiser == "frozen"
        self.graph = cache / graph_name(recipe, denoiser)

    def settings(self) -> Mapping[str, Any]:
        """The recipe's, with the denoiser that is inside the graph."""
        return self.recipe.features.model_dump()

    def prepare(self, tensors: Tensors, advance: Callable[[int], None]) -> Tensors:
        """Denoise, if the denoiser is frozen; the first tensors set the ranges of its eight bits."""
        if not self.frozen:
            return tensors
        self.cache.mkdir(parents=True, exist_ok=True)
        if not self.graph.exists():
            export_denoiser(self.denoiser, tensors[:16, 0].astype(np.float32), self.graph)
        return denoise(tensors, self.graph, self.cache, advance)

    def network(self) -> nn.Module:
        """EfficientNet-B0 from ImageNet, the transformer from random weights."""
        features, branches = self.recipe.features, self.recipe.model.model_dump()
        model = MultiFusion(features.side, denoising=None if self.frozen else features.denoising, **branches)
        if model.denoiser is not None:
            model.denoiser.load_state_dict(self.denoiser.state_dict())
        return model

    def export(self, model: nn.Module, path: Path) -> None:
        """For one size, with large weights in sixteen bits."""
        export_onnx(model, 3, self.config.side, path, multiple=None, half=True)
        if self.frozen:
            put_before(self.graph, path)


def graph_name(recipe: MultiFusionRecipe, denoiser: Path) -> str:
    """The frozen denoiser's file in the cache, different for each denoiser."""
    digest = hashlib.sha256(denoiser.read_bytes()).hexdigest()[:8]
    return f"dncnn-{recipe.features.denoising}-{recipe.features.side}-{digest}.onnx"


def classifier_of(recipe: Recipe | MultiFusionRecipe, denoiser: Path | None, cache: Path) -> Classifier:
    """The classifier that a recipe trains."""
    if isinstance(recipe, MultiFusionRecipe):
        return MultiFusionClassifier(recipe, denoiser, cache)
    return HandcraftedClassifier(recipe)
