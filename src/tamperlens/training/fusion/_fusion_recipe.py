"""Recipes for fitting to examined forgeries: the fusion, and the weights of kinds."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from tamperlens.training._recipe import Strict


class HardnessRecipe(Strict):
    """What twins go through beyond a plain history; see `data.synthesis.Hardness`."""

    processed: float = Field(0.3, ge=0, le=1)
    other_codecs: float = Field(0.12, ge=0, le=1)
    shapes: float = Field(0.4, ge=0, le=1)
    gathered: float = Field(0.25, ge=0, le=1)


class FusionRecipe(Strict):
    """How the fusion is fitted.

    Attributes:
        system: "fusion".
        name: of the file and its card.
        seed: of all draws.
        localizer: weight whose map is fused.
        twins: side of the samples in pixels → number of pairs, a forgery and its authentic twin.
        kept: the same for twins whose photograph was saved before on the grid of the last save, as after an
            edit that neither cuts nor scales.
        resaved: the same for twins that are saved once more, on their grid, when they are finished.
        hardness: of all three.
        untouched: number of photographs saved once, as by a camera or a download.
        look_alikes: number of photographs by a made camera of a scene that contains something twice.
        large: images of each whole photograph with many pixels: the first at its own size, others smaller;
            where no threshold is fitted or tested, at most two, both smaller.
        originals: images of each scene of camera originals: the first as the camera wrote it, others smaller.
        hidden: widths of the cell network's layers.
        epochs: of its fitting; each draws some cells of every image.
        learning_rate: of AdamW.
    """

    system: Literal["fusion"] = "fusion"
    name: str = "fusion"
    seed: int = 0
    localizer: str = "unet-localizer"
    twins: Mapping[str, int] = Field(
        default_factory=lambda: {"256": 400, "384": 300, "512": 200, "1024": 100}
    )
    kept: Mapping[str, int] = Field(default_factory=dict)
    resaved: Mapping[str, int] = Field(default_factory=dict)
    hardness: HardnessRecipe = HardnessRecipe()
    untouched: int = Field(300, ge=0)
    look_alikes: int = Field(0, ge=0)
    large: int = Field(3, ge=0)
    originals: int = Field(3, ge=0)
    hidden: tuple[int, ...] = (32, 16)
    epochs: int = Field(24, ge=1)
    learning_rate: float = Field(3e-3, gt=0)


class KindFusionRecipe(Strict):
    """How the weights of kinds are fitted.

    Attributes:
        system: "kinds".
        name: of the file.
        seed: of all draws.
        patches: weight of the classifier that sees patches.
        masked: weight of the classifier that sees the mask.
        forgeries: side of the samples in pixels → their number.
        penalty: of the offsets' mean square.
    """

    system: Literal["kinds"] = "kinds"
    name: str = "kinds"
    seed: int = 0
    patches: str = "kind-classifier"
    masked: str = "dual-module"
    forgeries: Mapping[str, int] = Field(default_factory=lambda: {"256": 400, "384": 300})
    penalty: float = Field(0.3, gt=0)
