"""How the signature files describe channels: the services and programs that files come through."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Certainty = Literal["certain", "likely", "reported"]
CERTAINTIES = get_args(Certainty)
FEATURES = ("camera", "exposure", "maker note", "editor", "scaled", "exif", "xmp", "iptc")
# Keys that a channel may have.
_CHANNEL = {"name", "title", "recompresses", "removes", "generic", "way"}
_SIGNS = {"file_name", "states", "longest", "width", "sizes", "quality", "tables", "sampling", "progressive"}
_WAY = _SIGNS | {"format", "has", "lacks", "decides", "preset", "certainty", "source"}


@dataclass(frozen=True)
class Statement:
    """A text that a channel leaves in metadata.

    Attributes:
        where: tags that may hold it.
        says: pattern that the whole text matches.
    """

    where: tuple[str, ...]
    says: re.Pattern[str]


@dataclass(frozen=True)
class ChannelWay:
    """How one program of a channel writes files at one setting. An empty field says nothing.

    Attributes:
        file_name: pattern that the whole file name matches.
        states: texts in metadata, at least one of which is there.
        longest: possible lengths of the longer side in pixels.
        width: possible widths in pixels.
        sizes: possible pairs of sides in pixels, the longer first.
        quality: lowest and highest nearest IJG quality, 1..100.
        tables: writers whose tables it uses, by the beginnings of their names.
        sampling: names of chroma subsampling.
        progressive: whether its JPEG files are progressive; None for either.
        formats: formats that it writes.
        has: features the file must have.
        lacks: features the file must not have.
        decides: whether all these signs together point to this channel, or to one that shares them.
        preset: whether made forgeries are sent through it.
        certainty: "certain" for published code or tables, "likely", "reported" for hearsay.
        source: where this is published.
    """

    file_name: re.Pattern[str] | None
    states: tuple[Statement, ...]
    longest: tuple[int, ...]
    width: tuple[int, ...]
    sizes: frozenset[tuple[int, int]]
    quality: tuple[int, int] | None
    tables: tuple[str, ...]
    sampling: frozenset[str]
    progressive: bool | None
    formats: frozenset[str]
    has: frozenset[str]
    lacks: frozenset[str]
    decides: bool
    preset: bool
    certainty: Certainty
    source: str


@dataclass(frozen=True)
class ChannelProfile:
    """A service or program that files come through, and its ways.

    Attributes:
        name: short name, such as "whatsapp".
        title: for sentences.
        recompresses: whether it saves files again with loss.
        removes: what it drops or destroys, worded to follow "removes".
        generic: whether it stands for many programs, and so is likelier than another that fits as well.
        ways: how it writes files.
    """

    name: str
    title: str
    recompresses: bool
    removes: str
    generic: bool
    ways: tuple[ChannelWay, ...]


def read_channels(entries: list[dict[str, Any]]) -> Iterator[ChannelProfile]:
    """The channels of one parsed file.

    Raises:
        KeyError, TypeError, ValueError, re.error: an entry is incomplete or has an unknown field.
    """
    for entry in entries:
        _known(entry, _CHANNEL)
        yield ChannelProfile(
            name=str(entry["name"]),
            title=str(entry["title"]),
            recompresses=bool(entry["recompresses"]),
            removes=str(entry["removes"]),
            generic=bool(entry.get("generic", False)),
            ways=tuple(_way(way) for way in entry["way"]),
        )


def read_origin(entry: Mapping[str, Any]) -> tuple[Certainty, str]:
    """Certainty and source; an entry without a source could not be checked."""
    certainty, source = entry["certainty"], str(entry["source"])
    if certainty not in CERTAINTIES:
        raise ValueError(f"certainty is '{certainty}', not one of {', '.join(CERTAINTIES)}")
    return certainty, source


def _way(entry: dict[str, Any]) -> ChannelWay:
    _known(entry, _WAY)
    features = [*entry.get("has", ()), *entry.get("lacks", ())]
    _known(dict.fromkeys(features), set(FEATURES))
    certainty, source = read_origin(entry)
    least_most = tuple(int(value) for value in entry.get("quality", ()))
    return ChannelWay(
        file_name=re.compile(entry["file_name"]) if "file_name" in entry else None,
        states=tuple(
            Statement(tuple(map(str, one["where"])), re.compile(one["says"]))
            for one in entry.get("states", ())
        ),
        longest=tuple(int(side) for side in entry.get("longest", ())),
        width=tuple(int(side) for side in entry.get("width", ())),
        sizes=frozenset((max(a, b), min(a, b)) for a, b in entry.get("sizes", ())),
        quality=(least_most[0], least_most[-1]) if least_most else None,
        tables=tuple(map(str, entry.get("tables", ()))),
        sampling=frozenset(map(str, entry.get("sampling", ()))),
        progressive=entry.get("progressive"),
        formats=frozenset(map(str, entry.get("format", ()))),
        has=frozenset(entry.get("has", ())),
        lacks=frozenset(entry.get("lacks", ())),
        decides=bool(entry.get("decides", False)),
        preset=bool(entry.get("preset", False)),
        certainty=certainty,
        source=source,
    )


def _known(entry: Mapping[str, Any], known: set[str]) -> None:
    """Refuse unknown keys, such as a misspelt sign, that would otherwise be ignored."""
    unknown = sorted(set(entry) - known)
    if unknown:
        raise ValueError(f"'{unknown[0]}' is not one of {', '.join(sorted(known))}")
