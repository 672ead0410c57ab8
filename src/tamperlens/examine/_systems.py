"""Titles of the maps and steps of an examination, and how to read each map."""

from collections.abc import Mapping
from types import MappingProxyType

from tamperlens.catalogue import SYSTEMS, MapWords
from tamperlens.errors import UnknownNameError
from tamperlens.traces import TRACES

# Used by `--explain`.
EXPLAINER = next(name for name, one in SYSTEMS.items() if one.explains)
# The best in validation, and the one that the fusion was fitted with; the others run only on request.
DEFAULT_LOCALIZER = next(name for name, one in SYSTEMS.items() if one.default)
_LOOKED = "What a network based its answer on; it plays no part in this finding."
# Output of the explainer's graph → words of its map.
EXPLANATIONS: Mapping[str, MapWords] = MappingProxyType(
    {
        "fused": MapWords(
            "MultiFusion: class activation and attention",
            _LOOKED,
            "Half Grad-CAM++ of the convolutional branch, half attention of the transformer's last block: "
            "bright places raised the score or drew attention. It is not a mask: this network was never "
            "shown where an image was altered, and one cell is a fourteenth of the image wide.",
        ),
        "cam_plus": MapWords(
            "MultiFusion: class activation (Grad-CAM++)",
            _LOOKED,
            "Bright places point to an alteration in the convolutional branch; all dark means that none "
            "does.",
        ),
        "cam": MapWords(
            "MultiFusion: class activation (Grad-CAM)",
            _LOOKED,
            "Like Grad-CAM++, but each channel is weighted by its gradient alone.",
        ),
        "attention": MapWords(
            "MultiFusion: attention of the transformer",
            _LOOKED,
            "What the last block's class token looks at, whatever it concludes.",
        ),
    }
)

# Prefix that separates third-party detectors from systems, traces and maps.
EXTERNAL = "external-"
_EXTERNAL_WORDS = (
    "The probability of alteration that an external detector gives to each pixel.",
    "It is not part of Tamperlens: its error rates were not measured here, and it decides nothing.",
)
MASK = "mask"
_MASK_WORDS = MapWords(
    "Fused map",
    "The probability of alteration that the network and all applicable traces together give to each pixel.",
    "The mask's outline is drawn from this map. A compact bright shape says more than a haze over "
    "everything.",
)
RELIABILITY = "reliability"
_RELIABILITY_WORDS = MapWords(
    "Reliability of the localizer's map",
    "How likely the trace localizer's map is to be right in a place, if altered and untouched places were "
    "equally frequent. It was learned on other photographs than the map.",
    "Bright places can be judged. In dark ones, which are flat, saturated or without traces, neither a mark "
    "nor its absence says much.",
)
# Separate opinions: the fused map at its most suspicious place, and over larger areas.
_FUSED_TITLES = {
    "fused-map": "All maps together, smallest region",
    "fused-map-64": "All maps together, larger region",
    "fused-place": "All maps together, clearest place",
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


_OWN = {MASK: _MASK_WORDS, RELIABILITY: _RELIABILITY_WORDS}
_EXPLAINED = {explanation_name(output): words for output, words in EXPLANATIONS.items()}


def map_words(name: str) -> MapWords:
    """Title and explanation of a finding's map.

    Raises:
        UnknownNameError: no finding has such a map.
    """
    if name in _OWN:
        return _OWN[name]
    if name in _EXPLAINED:
        return _EXPLAINED[name]
    if name.startswith(EXTERNAL):
        return MapWords(_external_title(name), *_EXTERNAL_WORDS)
    if name in TRACES:
        trace = TRACES[name]
        return MapWords(trace.title, trace.measures, trace.reading)
    system = SYSTEMS.get(name)
    if system is None or system.map is None:
        raise UnknownNameError("map", name, [*_OWN, *TRACES, *SYSTEMS, *_EXPLAINED])
    return system.map


def _external_title(name: str) -> str:
    """Title of a third-party detector.

    >>> _external_title("external-my-net")
    'my-net (external)'
    """
    return f"{name.removeprefix(EXTERNAL)} (external)"


def title(name: str) -> str:
    """Title of a system, a trace, a map or a step of the examination."""
    if name in SYSTEMS:
        return SYSTEMS[name].title
    if name.startswith(EXTERNAL):
        return _external_title(name)
    if name in _FUSED_TITLES or name in _STEP_TITLES:
        return {**_FUSED_TITLES, **_STEP_TITLES}[name]
    return map_words(name).title
