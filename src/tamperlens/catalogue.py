"""The systems, a row each: everything that differs between them is named here and nowhere else.

A row names its network, detector, loss and recipe as `module:object`, as entry points of packages are, for
only those who need them may load them: examining never loads torch.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Literal, TypeVar

Part = TypeVar("Part")


@dataclass(frozen=True)
class MapWords:
    """What a person must know to look at a map.

    Attributes:
        title: what a person calls it.
        measures: what the value at a pixel is.
        reading: what is normal, what stands out, and when it misleads.
    """

    title: str
    measures: str
    reading: str


@dataclass(frozen=True)
class AsPrinted:
    """The system at the size that its paper prints, where that is not the weight that ships.

    Attributes:
        title: what a person calls it.
        recipe: name of the recipe that trains it.
        reason: why it was not trained.
    """

    title: str
    recipe: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class System:
    """One network.

    Attributes:
        name: of its weight, recipe and card.
        title: what a person calls it.
        answers: the question it answers, for a person.
        task: "where" marks pixels; "whole" judges the image at once; "patches" judges part by part; "how"
            tells the kind of a part that it is shown.
        network: class of its network, `module:object`.
        recipe: class of its recipe.
        detector: class that runs its weight on an image; "" where it is not asked alone.
        loss: what it is trained by; "" where the training of its task decides.
        kinds: the kinds of edit that it tells apart; "" where it tells none.
        map: words of its map, None when it has none.
        default: whether its map is fused in the default examination.
        explains: whether `--explain` asks it: its graph computes class activation and attention.
        as_printed: the size that its paper prints, where another one ships.
    """

    name: str
    title: str
    answers: str
    task: Literal["where", "whole", "patches", "how"]
    network: str
    recipe: str
    detector: str = ""
    loss: str = ""
    kinds: str = ""
    map: MapWords | None = None
    default: bool = False
    explains: bool = False
    as_printed: AsPrinted | None = None

    @property
    def card(self) -> str:
        """Its model card, a path from the root of the repository."""
        return f"cards/{self.name}.md"


class Parts(Mapping[str, Part]):
    """One part of every system that has it, by the system's name, loaded when it is asked for.

    Args:
        part: field of `System` that names it.
        only: which systems; all that have the part when left out.
    """

    def __init__(self, part: str, only: Callable[[System], bool] = lambda _: True) -> None:
        self._part, self._only = part, only

    def __getitem__(self, name: str) -> Part:
        if name not in self._names():
            raise KeyError(name)
        part: Any = resolve_name(getattr(SYSTEMS[name], self._part))
        return part  # type: ignore[no-any-return]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        return [name for name, one in SYSTEMS.items() if getattr(one, self._part) and self._only(one)]


_LOCALIZED = (
    "The probability of alteration that this network alone gives to each pixel.",
    "Bright areas are what it would mark; a sharp bright shape says more than a haze over everything.",
)

_ROWS = (
    System(
        name="trace-localizer",
        title="Trace localizer",
        answers="where; the default localizer",
        task="where",
        network="tamperlens.models:TraceLocalizer",
        detector="tamperlens.examine.networks:TraceLocalizerDetector",
        recipe="tamperlens.training:TraceRecipe",
        default=True,
        map=MapWords(
            "Probability of alteration (trace localizer)",
            (
                "The probability of alteration that this network alone gives to each place. It reads the "
                "pixels, their noise, the file's JPEG coefficients and the traces' measurements, and "
                "compares every place with the rest of the image."
            ),
            _LOCALIZED[1],
        ),
    ),
    System(
        name="unet-localizer",
        title="Localizer network (U-Net)",
        answers="where",
        task="where",
        network="tamperlens.models:UnetLocalizer",
        detector="tamperlens.examine.networks:PixelLocalizer",
        recipe="tamperlens.training:LocalizerRecipe",
        loss="tamperlens.training:unet_loss",
        map=MapWords("Probability of alteration (U-Net)", *_LOCALIZED),
    ),
    System(
        name="kind-classifier",
        title="Patch classifier",
        answers="altered or not, and how, patch by patch",
        task="patches",
        network="tamperlens.models:KindClassifier",
        detector="tamperlens.examine.networks:PatchDetector",
        recipe="tamperlens.training:KindRecipe",
        kinds="tamperlens.data.synthesis:KINDS",
        map=MapWords(
            "Class activation of the patch classifier",
            "Which places pointed to an alteration in the part that the classifier saw (Grad-CAM).",
            (
                "Relative to the strongest place in what it saw: the part around the largest marked region "
                "when all systems are fused, the whole image when it is used alone. A cell covers 32 × 32 "
                "pixels. It is not a mask, and an untouched photograph has a strongest place too."
            ),
        ),
    ),
    System(
        name="lightweight-cnn",
        title="Lightweight CNN",
        answers="altered or not, from handcrafted features",
        task="whole",
        network="tamperlens.models:LightweightCnn",
        detector="tamperlens.examine.networks:LightweightCnnDetector",
        recipe="tamperlens.training:Recipe",
        map=MapWords(
            "Class activation of the lightweight CNN",
            "Which places raised the network's score, and which lowered it.",
            (
                "Bright places raise its score, dark places lower it. It is not a mask: this network was "
                "never shown where an image was altered."
            ),
        ),
    ),
    System(
        name="dual-module",
        title="Mask-conditioned classifier",
        answers="how, given a mask",
        task="how",
        network="tamperlens.models:DualModuleClassifier",
        recipe="tamperlens.training:KindRecipe",
        kinds="tamperlens.models:MASKED_KINDS",
        as_printed=AsPrinted(
            "EfficientNet-B7 encoder, the segmentation of its paper",
            "dual-module-segmentation",
            "it trains at under two samples a second on two cores; the U-Net with EfficientNet-B0 is used "
            "instead",
        ),
    ),
    System(
        name="multi-fusion",
        title="MultiFusion network",
        answers="altered or not, with its explanation",
        task="whole",
        network="tamperlens.models:MultiFusion",
        detector="tamperlens.examine.networks:MultiFusionDetector",
        recipe="tamperlens.training:MultiFusionRecipe",
        explains=True,
        map=MapWords(
            "Class activation and attention of MultiFusion",
            "Which places raised the network's score or drew its attention.",
            (
                "Half Grad-CAM++ of the convolutional branch, half attention of the transformer's last "
                "block. It is not a mask: this network was never shown where an image was altered, and one "
                "cell is a fourteenth of the image wide."
            ),
        ),
        as_printed=AsPrinted(
            "MultiFusion with its paper's settings",
            "multi-fusion-paper",
            (
                "50 epochs that also tune the DnCNN need a graphics processor; multi-fusion is the same "
                "network with shorter training"
            ),
        ),
    ),
    System(
        name="dual-convnext",
        title="Localizer network (dual-branch ConvNeXt)",
        answers="where",
        task="where",
        network="tamperlens.models:DualConvNext",
        detector="tamperlens.examine.networks:PixelLocalizer",
        recipe="tamperlens.training:LocalizerRecipe",
        loss="tamperlens.training:dual_convnext_loss",
        map=MapWords("Probability of alteration (dual-branch ConvNeXt)", *_LOCALIZED),
        as_printed=AsPrinted(
            "ConvNeXt-Tiny, the size of its paper",
            "dual-convnext-tiny",
            (
                "it trains at six images a second on two cores, and no package offers a pretrained ConvNeXt; "
                "dual-convnext is the same network with ConvNeXt-atto"
            ),
        ),
    ),
)
SYSTEMS: dict[str, System] = {one.name: one for one in _ROWS}


def shipped_recipes() -> dict[str, Path]:
    """Name → file of the recipes that come with the program; reading them asks for no torch."""
    packaged = Path(__file__).parent / "training/recipes"
    checkout = Path(__file__).parents[2] / "recipes"
    folder = packaged if packaged.is_dir() else checkout
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}
