"""The TOML files that say how known programs and services write images; users may add their own."""

import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tamperlens.errors import SignatureFileError
from tamperlens.evidence._channel_files import Certainty, ChannelProfile, read_channels, read_origin
from tamperlens.evidence._jpeg import scaled_table

# A further file, or a folder of them, read after the shipped ones.
ENVIRONMENT = "TAMPERLENS_SIGNATURES"
_SHIPPED = Path(__file__).with_name("signatures")
SoftwareKind = Literal["editor", "generator", "converter", "transfer"]
SOFTWARE_KINDS = get_args(SoftwareKind)
_TABLES = ("signature", "channel", "software")


@dataclass(frozen=True)
class JpegSignature:
    """How one program writes JPEG files at one setting.

    Attributes:
        writer: the program, library or device.
        setting: its setting; with `scaled`, a quality is added.
        luma: (8, 8) int table of the first component, None where only its sum is known.
        chroma: (8, 8) int table of the other components; None likewise.
        sums: sums of the two tables.
        sampling: the chroma subsampling it goes with, such as "4:2:0"; empty for any.
        certainty: "certain" for published tables, "likely" for sums alone, "reported" for hearsay.
        source: where the tables are published.
    """

    writer: str
    setting: str
    luma: NDArray[np.int_] | None
    chroma: NDArray[np.int_] | None
    sums: tuple[int, int]
    sampling: str
    certainty: Certainty
    source: str


@dataclass(frozen=True)
class Software:
    """A word by which programs of one kind identify themselves in metadata.

    Attributes:
        word: lower case, matched anywhere in a tag.
        kind: one of `SOFTWARE_KINDS`.
    """

    word: str
    kind: SoftwareKind


@dataclass(frozen=True)
class Signatures:
    """All signatures of a set of files."""

    jpeg: tuple[JpegSignature, ...]
    channels: tuple[ChannelProfile, ...]
    software: tuple[Software, ...]


def load_signatures(folder: Path | None = None) -> Signatures:
    """Read the shipped files and those of another folder.

    Args:
        folder: folder of `*.toml`, or one such file; when None, the one named by the environment variable
            `TAMPERLENS_SIGNATURES`.

    Raises:
        SignatureFileError: a file cannot be read or an entry is incomplete.
    """
    own = os.environ.get(ENVIRONMENT, "")
    return _load(folder or (Path(own) if own else None))


@cache
def _load(folder: Path | None) -> Signatures:
    paths = [*sorted(_SHIPPED.glob("*.toml")), *_own(folder)]
    tables, software = [], []
    channels: list[ChannelProfile] = []
    for path in paths:
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
            if set(content) - set(_TABLES):
                raise ValueError(f"it has tables other than {', '.join(_TABLES)}")
            tables += [s for entry in content.get("signature", ()) for s in _jpeg(entry)]
            channels += read_channels(content.get("channel", []))
            software += [s for entry in content.get("software", ()) for s in _software(entry)]
        except (OSError, ValueError, KeyError, TypeError, AttributeError, re.error) as error:
            raise SignatureFileError(f"the signature file '{path.name}' has a fault: {error!r}") from error
    return Signatures(tuple(tables), tuple(channels), tuple(software))


def _own(path: Path | None) -> list[Path]:
    """The user's own files."""
    if path is None or path.is_file():
        return [path] if path else []
    if not path.is_dir():
        raise SignatureFileError(f"there is no signature file or folder '{path}'")
    return sorted(path.glob("*.toml"))


def _jpeg(entry: dict[str, Any]) -> Iterator[JpegSignature]:
    if not entry.get("scaled"):
        luma, chroma = _table(entry, "luma"), _table(entry, "chroma")
        yield _signature(entry, str(entry["setting"]), luma, chroma)
        return
    for quality in range(1, 101):
        bases = (np.array(entry[key]).reshape(8, 8) for key in ("luma", "chroma"))
        luma, chroma = (scaled_table(base, quality) for base in bases)
        yield _signature(entry, f"{entry['setting']} {quality}", luma, chroma)


def _signature(
    entry: dict[str, Any], setting: str, luma: NDArray[np.int_] | None, chroma: NDArray[np.int_] | None
) -> JpegSignature:
    sums = (
        int(luma.sum()) if luma is not None else int(entry["luma_sum"]),
        int(chroma.sum()) if chroma is not None else int(entry["chroma_sum"]),
    )
    return JpegSignature(
        str(entry["writer"]), setting, luma, chroma, sums, str(entry.get("sampling", "")), *read_origin(entry)
    )


def _table(entry: dict[str, Any], key: str) -> NDArray[np.int_] | None:
    return np.array(entry[key], dtype=np.int_).reshape(8, 8) if key in entry else None


def _software(entry: dict[str, Any]) -> Iterator[Software]:
    kind = entry["kind"]
    if kind not in SOFTWARE_KINDS:
        raise ValueError(f"kind is '{kind}', not one of {', '.join(SOFTWARE_KINDS)}")
    for word in entry["words"]:
        yield Software(str(word).lower(), kind)
