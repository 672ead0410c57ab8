"""One thing a file states about itself, and how much it is worth noticing."""

from dataclasses import dataclass
from typing import Literal

Weight = Literal["neutral", "notable", "contradiction"]


@dataclass(frozen=True)
class Fact:
    """A statement about the file, never about what happened to it.

    Attributes:
        topic: a few words that group facts, such as "dates" or "thumbnail".
        statement: one printable sentence: what the file states, declares, holds, or does not fit.
        weight: "neutral" describes; "notable" is what an examiner should look at; in a "contradiction" two
            parts of the file cannot both be right. None of the three is proof.
        source: where it was read, such as "Exif:DateTimeOriginal" or "APP13".
        caution: the harmless reason that is known to give the same finding; empty when there is none.
    """

    topic: str
    statement: str
    weight: Weight
    source: str
    caution: str = ""
