"""The systems, a row each: what a person calls them, what they answer, and how their map is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamperlens.errors import UnknownNameError
from tamperlens.traces import MEASURED, TRACES


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
class System:
    """One network.

    Attributes:
        name: of its weight, recipe and card.
        title: what a person calls it.
        answers: the question it answers, for a person.
        map: words of its map, None when it has none.
    """

    name: str
    title: str
    answers: str
    map: MapWords | None = None


_LOCALIZED = (
    "The probability, pixel by pixel, that this network alone gives to an alteration.",
    "Bright areas are what it would mark; a sharp bright shape says more than a veil over everything.",
)

SYSTEMS: Mapping[str, System] = MappingProxyType(
    {
        one.name: one
        for one in (
            System(
                "unet-localizer",
                "Localizer network (U-Net)",
                "where; the default localizer",
                MapWords("Probability of alteration (U-Net)", *_LOCALIZED),
            ),
            System(
                "kind-classifier",
                "Patch classifier",
                "altered or not, and how, patch by patch",
                MapWords(
                    "Class activation of the patch classifier",
                    "Which places spoke for an alteration in what the classifier was shown (Grad-CAM).",
                    "Relative to the strongest place in what it was shown: the part around the largest "
                    "marked "
                    "region where all systems are fused, the whole image where it is asked alone. A cell "
                    "covers "
                    "32 × 32 pixels; it is no mask, and an untouched photograph has a strongest place too.",
                ),
            ),
            System(
                "lightweight-cnn",
                "Lightweight CNN",
                "altered or not, from handcrafted features",
                MapWords(
                    "Class activation of the lightweight CNN",
                    "What raised the network's score, and what lowered it.",
                    "Bright places raise its score, dark places lower it. It is not a mask: this network was "
                    "never shown where an image was altered.",
                ),
            ),
            System("dual-module", "Mask-conditioned classifier", "how, given a mask"),
            System(
                "multi-fusion",
                "MultiFusion network",
                "altered or not, with its explanation",
                MapWords(
                    "Class activation and attention of MultiFusion",
                    "What raised the network's score or was looked at.",
                    "Half Grad-CAM++ of the convolutional branch, half attention of the transformer's last "
                    "block. It is not a mask: this network was never shown where an image was altered, and "
                    "one "
                    "cell is a fourteenth of the image wide.",
                ),
            ),
            System(
                "dual-convnext",
                "Localizer network (dual-branch ConvNeXt)",
                "where",
                MapWords("Probability of alteration (dual-branch ConvNeXt)", *_LOCALIZED),
            ),
        )
    }
)

# Asked by `--explain`: its graph computes class activation and attention.
EXPLAINER = "multi-fusion"
_LOOKED = "What a network that has no part in this finding went by."
# Output of the explainer's graph → words of its map.
EXPLANATIONS: Mapping[str, MapWords] = MappingProxyType(
    {
        "fused": MapWords(
            "MultiFusion: class activation and attention",
            _LOOKED,
            "Half Grad-CAM++ of the convolutional branch, half attention of the transformer's last block: "
            "bright "
            "places raised the score or were looked at. It is not a mask: this network was never shown "
            "where an "
            "image was altered, and one cell is a fourteenth of the image wide.",
        ),
        "cam_plus": MapWords(
            "MultiFusion: class activation (Grad-CAM++)",
            _LOOKED,
            "Bright places speak for an alteration in the convolutional branch; all dark means that none "
            "does.",
        ),
        "cam": MapWords(
            "MultiFusion: class activation (Grad-CAM)",
            _LOOKED,
            "As Grad-CAM++, each channel weighed by its gradient alone.",
        ),
        "attention": MapWords(
            "MultiFusion: attention of the transformer",
            _LOOKED,
            "What the last block's class token looks at, whatever it concludes.",
        ),
    }
)

MASK = "mask"
_MASK_WORDS = MapWords(
    "Fused map",
    "The probability, pixel by pixel, that the network and all applicable traces together give to an "
    "alteration.",
    "The outline of the mask is drawn from this map. A compact bright shape says more than a veil over all.",
)
# What the fused map says at its most suspicious place, and over more of it: opinions of their own.
_FUSED_TITLES = {
    "fused-map": "All maps together, smallest region",
    "fused-map-64": "All maps together, larger region",
}
# Steps of an examination that are neither a system nor a trace.
_STEP_TITLES = {
    "fusing": "Weighing all opinions",
    "fusion": "Fusion of all opinions",
    "kinds": "Kind of alteration",
    "history": "History of the file",
}


def explanation_name(output: str) -> str:
    """Name of the map of one output of the explainer's graph.

    >>> explanation_name("cam_plus")
    'multi-fusion-cam-plus'
    """
    return f"{EXPLAINER}-{output.replace('_', '-')}"


_EXPLAINED = {explanation_name(output): words for output, words in EXPLANATIONS.items()}


def map_words(name: str) -> MapWords:
    """What a person must know to look at a finding's map of that name.

    Raises:
        UnknownNameError: no finding has such a map.
    """
    if name == MASK:
        return _MASK_WORDS
    if name in _EXPLAINED:
        return _EXPLAINED[name]
    if name in MEASURED or name in TRACES:
        trace = MEASURED[name] if name in MEASURED else TRACES[name]
        return MapWords(trace.title, trace.measures, trace.reading)
    system = SYSTEMS.get(name)
    if system is None or system.map is None:
        raise UnknownNameError("map", name, [MASK, *MEASURED, *TRACES, *SYSTEMS, *_EXPLAINED])
    return system.map


def title(name: str) -> str:
    """What a person calls a system, a trace, a map or a step of the examination."""
    if name in SYSTEMS:
        return SYSTEMS[name].title
    if name in _FUSED_TITLES or name in _STEP_TITLES:
        return {**_FUSED_TITLES, **_STEP_TITLES}[name]
    return map_words(name).title
