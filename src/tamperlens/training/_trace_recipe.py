"""Recipe of the trace localizer: network, samples, optimiser, loop."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from tamperlens.training._forged_recipe import InferenceRecipe
from tamperlens.training._recipe import Strict


class VariationRecipe(Strict):
    """Settings of `trace_pictures.Variation`, with the same names."""

    crop: int = Field(256, ge=64, multiple_of=32)
    saved_again: float = Field(0.25, ge=0, le=1)
    without_coefficients: float = Field(0.08, ge=0, le=1)
    without_map: float = Field(0.25, ge=0, le=1)
    without_maps: float = Field(0.1, ge=0, le=1)


class TraceOptimizer(Strict):
    """AdamW: warm-up, constant rate, cosine decay over the last part.

    Attributes:
        learning_rate: of everything that starts at random, after the warm-up.
        encoder_share: factor for the pretrained encoder.
        weight_decay: of AdamW.
        warmup_samples: samples over which the rate rises.
        decay_share: last part of the samples, over which the rate falls.
        ema: decay per step of the averaged weights, which are validated and exported.
    """

    learning_rate: float = Field(1.3e-3, gt=0)
    encoder_share: float = Field(0.5, gt=0, le=1)
    weight_decay: float = Field(1e-2, ge=0)
    warmup_samples: int = Field(2000, ge=0)
    decay_share: float = Field(0.3, ge=0, le=1)
    ema: float = Field(0.999, ge=0, lt=1)


class TraceLoop(Strict):
    """The loop.

    Attributes:
        samples: total number; raise it to prolong a run.
        batch_size: samples per step.
        validate_every: samples between validations.
        save_every: seconds between checkpoints.
        workers: processes that open pictures.
    """

    samples: int = Field(500_000, ge=1)
    batch_size: int = Field(16, ge=2)
    validate_every: int = Field(12_000, ge=1)
    save_every: float = Field(240.0, gt=0)
    workers: int = Field(1, ge=0)


class LargeRecipe(Strict):
    """The last part of the training, on larger crops with frozen batch statistics.

    Attributes:
        share: of the samples.
        crop: side of the crops.
        batch_size: samples per step.
    """

    share: float = Field(0.15, ge=0, le=1)
    crop: int = Field(384, ge=64, multiple_of=32)
    batch_size: int = Field(8, ge=1)


class HeadsRecipe(Strict):
    """The two verdicts, learned last on held-out photographs; see `trace_heads`.

    Attributes:
        samples: total number; 0 leaves the verdicts as the main training left them.
        crop: side of the crops.
        batch_size: samples per step.
        learning_rate: after the warm-up.
        workers: processes that open pictures.
        seed: of how pictures are varied.
    """

    samples: int = Field(24_000, ge=0)
    crop: int = Field(384, ge=64, multiple_of=32)
    batch_size: int = Field(8, ge=2)
    learning_rate: float = Field(1e-3, gt=0)
    workers: int = Field(1, ge=0)
    seed: int = 1


class TraceLoss(Strict):
    """Weights of the losses added to the mask's cross-entropy.

    Attributes:
        dice: of 1 − Dice on altered samples.
        apart: of the cross-entropy of the distance from the majority.
        image: of the image's cross-entropy.
    """

    dice: float = Field(0.5, ge=0)
    apart: float = Field(0.2, ge=0)
    image: float = Field(0.1, ge=0)


class StartRecipe(Strict):
    """The weight that a training goes on from.

    Attributes:
        weight: its name.
        sha256: of its file; a later weight of that name is refused.
    """

    weight: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class TraceRecipe(Strict):
    """How a trace localizer is made.

    Attributes:
        name: of the weight, its run folder and card.
        system: "trace-localizer".
        seed: of the initial weights and of how pictures are varied.
        model: keyword arguments of `TraceLocalizer`.
        start: what the training goes on from; None for the encoder's ImageNet weights alone.
        variation: how pictures become samples.
        loss: what is minimised.
        optimizer: how.
        loop: how long.
        large: its last part.
        heads: what is learned after it.
        inference: how it is run afterwards.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    system: Literal["trace-localizer"] = "trace-localizer"
    seed: int = 0
    model: Mapping[str, bool] = Field(default_factory=dict)
    start: StartRecipe | None = None
    variation: VariationRecipe = VariationRecipe()
    loss: TraceLoss = TraceLoss()
    optimizer: TraceOptimizer = TraceOptimizer()
    loop: TraceLoop = TraceLoop()
    large: LargeRecipe = LargeRecipe()
    heads: HeadsRecipe = HeadsRecipe()
    inference: InferenceRecipe = InferenceRecipe()
