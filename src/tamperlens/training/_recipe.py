"""How a classifier of whole images is made."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tamperlens.catalogue import SYSTEMS
from tamperlens.data import Chain
from tamperlens.inputs import HandcraftedConfig


class Strict(BaseModel):
    """Frozen; an unknown setting is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ChainRecipe(Strict):
    """Re-encoding of both classes; absent if the images are used as published.

    Attributes:
        low: lowest JPEG quality.
        high: highest JPEG quality.
        off_grid: crop off the 8 × 8 grid first.
        draws: number of differently drawn copies of each training image.
    """

    low: int = Field(70, ge=1, le=100)
    high: int = Field(95, ge=1, le=100)
    off_grid: bool = True
    draws: int = Field(4, ge=1, le=64)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low must not exceed high, but {self.low} > {self.high}")
        return self

    def chain(self) -> Chain:
        """The chain with these settings."""
        return Chain(self.low, self.high, self.off_grid)


class FeatureRecipe(Strict):
    """Settings of `inputs.HandcraftedConfig`, with the same names."""

    layout: Literal["ela-gray", "ela-multi", "ela-rgb"] = "ela-multi"
    order: Literal["resize-first", "features-first"] = "resize-first"
    side: int = Field(128, ge=16, le=1024)
    qualities: tuple[int, int, int] = (95, 85, 75)
    quality: int = Field(90, ge=1, le=100)
    gain: float = Field(15.0, gt=0)

    def config(self) -> HandcraftedConfig:
        """The extractor's configuration."""
        return HandcraftedConfig(**self.model_dump())


class OptimizerRecipe(Strict):
    """Attributes: the optimiser's name, learning rate, weight decay, and schedule over all epochs."""

    name: Literal["adam", "adamw"] = "adam"
    learning_rate: float = Field(1e-3, gt=0)
    weight_decay: float = Field(0.0, ge=0)
    schedule: Literal["constant", "cosine"] = "cosine"


class AugmentationRecipe(Strict):
    """Random changes to training images, drawn again each time an image is shown.

    Attributes:
        flip_horizontal: probability of swapping left and right.
        flip_vertical: probability of swapping top and bottom.
        rotation: largest angle in degrees, in either direction.
        light: largest relative change of brightness and of contrast.
        blur: probability of a Gaussian blur.
        blur_sigma: its largest standard deviation in pixels.
    """

    flip_horizontal: float = Field(0.5, ge=0, le=1)
    flip_vertical: float = Field(0.5, ge=0, le=1)
    rotation: float = Field(0.0, ge=0, le=180)
    light: float = Field(0.0, ge=0, lt=1)
    blur: float = Field(0.0, ge=0, le=1)
    blur_sigma: float = Field(1.5, ge=0.2)


class LoopRecipe(Strict):
    """The loop.

    Attributes:
        epochs: maximum number.
        batch_size: images per step.
        patience: epochs without improvement before stopping.
        precision: auto uses bfloat16 if the processor supports it.
        balanced: show the rarer class as often as the other by repeating some of its images.
    """

    epochs: int = Field(30, ge=1)
    batch_size: int = Field(32, ge=1)
    patience: int = Field(8, ge=1)
    precision: Literal["auto", "fp32"] = "auto"
    balanced: bool = False


class SystemRecipe(Strict):
    """A recipe for one of the systems whose row names this class.

    Attributes:
        system: key of `SYSTEMS`.
    """

    system: str

    @field_validator("system")
    @classmethod
    def _of_its_row(cls, system: str) -> str:
        known = [name for name, one in SYSTEMS.items() if one.recipe.endswith(f":{cls.__name__}")]
        if system not in known:
            raise ValueError(f"a {cls.__name__} is of {' or '.join(map(repr, known))}, not of '{system}'")
        return system


class ClassifierRecipe(SystemRecipe):
    """How a classifier's weight is made, whatever its input.

    Attributes:
        name: of the weight, the card and the recipe's file.
        system: key of `MODELS`.
        dataset: key of `DATASETS`.
        seed: of division, initialisation, order and augmentation.
        split: shares of training, validation and test.
        chain: re-encoding of both classes; None to use images as published.
        augmentation: see `AugmentationRecipe`.
        optimizer: see `OptimizerRecipe`.
        loop: see `LoopRecipe`.
    """

    name: str
    dataset: str
    seed: int = 0
    split: tuple[float, float, float] = (0.6, 0.2, 0.2)
    chain: ChainRecipe | None = None
    augmentation: AugmentationRecipe = AugmentationRecipe()
    optimizer: OptimizerRecipe = OptimizerRecipe()
    loop: LoopRecipe = LoopRecipe()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if min(self.split) <= 0 or abs(sum(self.split) - 1) > 1e-6:
            raise ValueError(f"split must be three positive shares that sum to 1, not {self.split}")
        return self


class Recipe(ClassifierRecipe):
    """Recipe of the lightweight CNN; `features` are the settings of its input."""

    features: FeatureRecipe = FeatureRecipe()


class PictureRecipe(Strict):
    """MultiFusion's input.

    Attributes:
        side: height and width that the image is reduced to.
        denoising: see `models.DnCnn`.
        denoiser: "frozen" runs it once per image, in eight bits; "tuned" trains it with the rest.
    """

    side: int = Field(224, ge=64, multiple_of=32)
    denoising: Literal["channels", "luma"] = "channels"
    denoiser: Literal["frozen", "tuned"] = "tuned"


class BranchRecipe(Strict):
    """Arguments of `models.MultiFusion` with the same names."""

    cnn: bool = True
    vit: bool = True
    srm: bool = True
    alpha: float = Field(0.5, ge=0, le=1)
    pretrained: bool = True


class MultiFusionRecipe(ClassifierRecipe):
    """Recipe of MultiFusion."""

    features: PictureRecipe = PictureRecipe()
    model: BranchRecipe = BranchRecipe()
