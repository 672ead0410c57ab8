"""Whether a file is a photograph at all, which is what the traces are made for."""

import operator
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tamperlens.evidence._load import Evidence
from tamperlens.evidence._scope_blocks import block_signs
from tamperlens.evidence._scope_inside import Box, Inside, find_inside
from tamperlens.evidence._scope_signs import picture_signs, reduced

Kind = Literal[
    "photograph",
    "framed photograph",
    "collage",
    "document",
    "screenshot",
    "drawing",
    "false colour",
    "print",
    "medical or microscope",
    "noise",
    "tiny",
    "blank",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
# Shortest side, in pixels, that leaves enough blocks.
TINY = 64
# Standard deviation in gray levels.
_BLANK = 3.0
# Smallest share of the image that a frame takes.
_FRAME = 0.01
# A document with more plain blocks than this was never in front of a camera, or has no grain left.
_GRAINLESS = 0.3
_SAYS = {"<": operator.lt, ">=": operator.ge}
# What is measured, in words for people.
_WORDS = {
    "flat": "{:.0%} of the blocks have one gray level",
    "clipped": "{:.0%} of the blocks are plain black or white",
    "plain": "{:.0%} of the blocks are plain",
    "alike": "{:.0%} of the blocks equal their neighbour",
    "common": "{:.0%} of the blocks have one of four levels",
    "busy_range": "the other blocks span {:.0f} levels",
    "soft": "{:.0%} of the other blocks are softly shaded",
    "paper": "{:.0%} of the pixels are close to one level",
    "paper_level": "that level is {:.0f}",
    "ink": "{:.1%} are much darker",
    "colour": "{:.1%} are coloured",
    "spread": "the levels spread by {:.0f}",
    "whiteness": "the blocks' means vary {:.1f} times as much as those of independent pixels",
    "letters": "{:.0f} shapes stand in rows as letters do",
    "text": "such shapes cover {:.2%}",
    "lettered": "they are {:.0%} of all thin strokes",
    "page": "{:.0%} is light, gray and smooth as paper",
    "hues": "{:.0f} of twelve hues occur",
    "colours": "{:.0f} of 4,096 colours make up the picture",
    "saturation": "its mean saturation is {:.2f}",
    "dark_corners": "{:.0%} of each corner at least is black",
    "round": "what is not black fills an ellipse by {:.0%}",
    "black": "{:.0%} is black",
    "gray": "its channels differ by {:.0f} levels",
    "dots": "its parts share a fine period {:.1f} above the rest",
    "inside": "the largest full rectangle covers {:.0%}",
    "filled": "{:.0%} of that carries detail",
    "edge": "{:.0%} of its least clear side is a clean edge",
    "outside": "{:.0%} of the rest is plain",
    "panels": "it has {:.0f} panels",
    "margin": "a plain frame takes {:.1%}",
}


@dataclass(frozen=True)
class Scope:
    """What kind of picture a file holds, by statistics of its pixels alone.

    Attributes:
        kind: the kind; "photograph" if in doubt.
        reason: the measured values that decided, a sentence.
        assessable: whether the traces mean anything on it, so that it may be called inconsistent: a
            photograph, including one of a document.
        clearable: whether it may be called consistent if nothing is found. Only photographs can be cleared.
        box: left, top, width and height in pixels of the photograph inside it, or of the largest one in a
            collage; None if the photograph fills the image or there is none.
    """

    kind: Kind
    reason: str
    assessable: bool = False
    clearable: bool = False
    box: Box | None = None


# A photographed document has a photograph's traces, but what matters on it is too small to be found.
_ASSESSABLE = ("photograph", "framed photograph", "document")
_CLEARABLE = ("photograph", "framed photograph")


def scope(evidence: Evidence) -> Scope:
    """Say from a file's pixels whether it holds a photograph.

    Args:
        evidence: the file; its name and metadata are not read.
    """
    height, width = evidence.pixels.shape[:2]
    if min(height, width) < TINY:
        return Scope(
            "tiny",
            f"The image has {width}×{height} pixels; a side below {TINY} leaves too little to measure.",
        )
    return judge(evidence.pixels)


def judge(pixels: NDArray[np.uint8]) -> Scope:
    """Say what a picture is; for a framed one, what lies inside the frame.

    Args:
        pixels: (H, W, 3) uint8 RGB, both sides at least `TINY`.
    """
    signs, inside = measure(pixels)
    if inside.margin < _FRAME:
        found = named(signs)
        around = found.kind == "screenshot" and inside.share < 1
        return replace(found, box=inside.box) if around else found
    left, top, across, down = inside.box
    within = named(measure(np.ascontiguousarray(pixels[top : top + down, left : left + across]))[0])
    if within.kind != "photograph":
        return within
    reason = f"A plain frame or plain bands take {inside.margin:.1%} of it."
    return _scope("framed photograph" if inside.panels == 1 else "collage", reason, inside.box)


def measure(pixels: NDArray[np.uint8]) -> tuple[dict[str, float], Inside]:
    """Measure the signs that tell kinds apart, and what may lie inside.

    Args:
        pixels: (H, W, 3) uint8 RGB, both sides at least `TINY`.
    """
    inside = find_inside(pixels)
    signs = {
        **block_signs(pixels),
        **picture_signs(pixels, reduced(pixels)),
        "inside": inside.share,
        "filled": inside.filled,
        "edge": inside.edge,
        "outside": inside.outside_plain,
        "panels": float(inside.panels),
        "margin": inside.margin,
    }
    return signs, inside


def named(signs: Mapping[str, float]) -> Scope:
    """The kind that the signs point to: the first with a rule whose conditions all hold."""
    if signs["spread"] < _BLANK:
        return Scope("blank", f"The gray levels spread by {signs['spread']:.1f} only.")
    for kind, conditions in ways():
        if all(_SAYS[says](signs[sign], limit) for sign, says, limit in conditions):
            words = dict.fromkeys(_WORDS[sign].format(signs[sign]) for sign, _, _ in conditions)
            found = _scope(kind, f"{'; '.join(words)}.")
            grainless = kind == "document" and signs["plain"] > _GRAINLESS
            return replace(found, assessable=False) if grainless else found
    return _scope("photograph", "It has shades and grain, and no sign of anything else.")


def _scope(kind: Kind, reason: str, box: Box | None = None) -> Scope:
    return Scope(kind, reason[0].upper() + reason[1:], kind in _ASSESSABLE, kind in _CLEARABLE, box)


@cache
def ways() -> tuple[tuple[Kind, tuple[tuple[str, str, float], ...]], ...]:
    """Kind and conditions (sign, "<" or ">=", limit) of each rule, in the order they are tried.

    They are in `scope_rules.toml`, written by `benchmarks/traces/learn_scope.py`.
    """
    content = tomllib.loads(files(__package__).joinpath("scope_rules.toml").read_text("utf-8"))
    return tuple(
        (way["kind"], tuple((str(sign), str(says), float(limit)) for sign, says, limit in way["all"]))
        for way in content["way"]
    )
