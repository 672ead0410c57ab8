"""One thing a file states about itself, and how noteworthy it is."""

from dataclasses import dataclass
from typing import Literal

Weight = Literal["neutral", "notable", "contradiction"]


@dataclass(frozen=True)
class Fact:
    """A statement about the file, never about what happened to it.

    Attributes:
        topic: groups facts, such as "dates" or "thumbnail".
        statement: one printable sentence: what the file states, declares or holds, or what does not fit.
        weight: "neutral" describes; "notable" is what an examiner should look at; in a "contradiction" two
            parts of the file cannot both be right. None of them is proof.
        source: where it was read, such as "Exif:DateTimeOriginal" or "APP13".
        caution: the known harmless reason for the same finding; empty without one.
    """

    topic: str
    statement: str
    weight: Weight
    source: str
    caution: str = ""
