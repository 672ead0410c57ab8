"""Recipes for training on forged samples: network, input, forged data, loop."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field, model_validator

from tamperlens.data.synthesis import DEFAULT_SHARES, KINDS
from tamperlens.inputs import NetworkInput
from tamperlens.training._recipe import Strict, SystemRecipe


class InputRecipe(Strict):
    """Settings of `inputs.NetworkInput`, with the same names."""

    qualities: tuple[int, ...] = ()
    gain: float = Field(15.0, gt=0)

    def settings(self) -> NetworkInput:
        """The input's settings."""
        return NetworkInput(self.qualities, self.gain)


class SynthesisRecipe(Strict):
    """Forged data.

    Attributes:
        side: of the training samples in pixels.
        shares: probability of each kind.
        distinct: samples made and kept next to the runs, then repeated; 0 makes each sample new.
        validation_samples: forged from held-out photographs, half of them for each choice.
    """

    side: int = Field(224, ge=64, multiple_of=32)
    distinct: int = Field(0, ge=0)
    shares: Mapping[str, float] = Field(default_factory=lambda: dict(DEFAULT_SHARES))
    validation_samples: int = Field(256, ge=8)

    @model_validator(mode="after")
    def _known(self) -> Self:
        unknown = set(self.shares) - set(KINDS)
        if unknown or min(self.shares.values()) < 0 or sum(self.shares.values()) <= 0:
            raise ValueError(f"shares are non-negative numbers for {', '.join(KINDS)}, not {self.shares}")
        return self


class ForgedOptimizer(Strict):
    """AdamW, or Adam with decay 0: warm-up, constant rate, then linear decay over the last part.

    Attributes:
        learning_rate: after warm-up.
        weight_decay: of AdamW.
        warmup_samples: samples over which the rate rises.
        decay_share: last part of the samples, over which the rate falls to zero.
        ema: decay per step of the averaged weights that are validated and exported.
    """

    learning_rate: float = Field(5e-4, gt=0)
    weight_decay: float = Field(1e-2, ge=0)
    warmup_samples: int = Field(2000, ge=0)
    decay_share: float = Field(0.3, ge=0, le=1)
    ema: float = Field(0.998, ge=0, lt=1)


class ForgedLoop(Strict):
    """The loop.

    Attributes:
        samples: total number of forged samples; raise it to prolong a run.
        batch_size: samples in memory at once.
        accumulate: batches summed in a step of the optimiser.
        validate_every: samples between validations and checkpoints.
        patience: validations without improvement before stopping.
        precision: auto uses bfloat16 if the processor supports it.
        workers: processes that forge.
    """

    samples: int = Field(60_000, ge=1)
    batch_size: int = Field(12, ge=1)
    accumulate: int = Field(1, ge=1)
    validate_every: int = Field(3000, ge=1)
    patience: int = Field(100, ge=1)
    precision: Literal["auto", "float32"] = "auto"
    workers: int = Field(2, ge=0)


class ForgedRecipe(SystemRecipe):
    """How a network is trained on forged samples.

    Attributes:
        name: of the weight, its run folder and card.
        system: key of `models.MODELS`.
        seed: of the initial weights and of the forged stream.
        model: keyword arguments of the network.
        input: its input tensor.
        synthesis: what it is trained on.
        optimizer: how.
        loop: how long.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    seed: int = 0
    model: Mapping[str, bool | int | float | str] = Field(default_factory=dict)
    input: InputRecipe = InputRecipe()
    synthesis: SynthesisRecipe = SynthesisRecipe()
    optimizer: ForgedOptimizer = ForgedOptimizer()
    loop: ForgedLoop = ForgedLoop()


class InferenceRecipe(Strict):
    """How the trained network is run: side and overlap of its tiles, in pixels."""

    tile: int = Field(512, ge=64, multiple_of=32)
    overlap: int = Field(64, ge=0, multiple_of=8)

    @model_validator(mode="after")
    def _room(self) -> Self:
        if 2 * self.overlap > self.tile:
            raise ValueError(
                f"tiles share half their side at most, but overlap {self.overlap} of {self.tile}"
            )
        return self


class TeacherRecipe(Strict):
    """A trained U-Net that teaches a randomly initialised localizer in addition to the masks.

    Attributes:
        run: name of the U-Net's run next to this one, or of its shipped weight.
        weight: weight in the loss of the squared difference between the encoders' stages.
        map_weight: weight in the loss of the cross-entropy against the teacher's map.
    """

    run: str
    weight: float = Field(2.0, gt=0)
    map_weight: float = Field(0.0, ge=0)


class LocalizerRecipe(ForgedRecipe):
    """How a localizer is made.

    Attributes:
        inference: how it is run afterwards.
        teacher: what it learns in addition to the masks.
        crop: side of the squares that the first samples are cut to; 0 leaves them whole.
        crop_share: share of the samples that are cut.
    """

    inference: InferenceRecipe = InferenceRecipe()
    teacher: TeacherRecipe | None = None
    crop: int = Field(0, ge=0, multiple_of=32)
    crop_share: float = Field(0.8, ge=0, le=1)


class KindRecipe(ForgedRecipe):
    """How a classifier of kinds is made.

    Attributes:
        encoder_of: name of a U-Net's run next to this one; the patch classifier starts from its encoder.
        crop: side of the square around the region that the mask-conditioned classifier sees.
        masks_of: name of the localizer whose masks harden the mask-conditioned classifier.
        hardened_share: last part of the samples; half of these show such a mask instead of the true one.
    """

    encoder_of: str | None = None
    crop: int = Field(160, ge=32, multiple_of=32)
    masks_of: str | None = None
    hardened_share: float = Field(0.5, ge=0, le=1)
