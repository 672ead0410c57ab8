"""The stream: number → forged or authentic sample, always the same one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tamperlens.data.synthesis._generated import Generator, resample_region
from tamperlens.data.synthesis._history import History, draw_history
from tamperlens.data.synthesis._jitter import jitter
from tamperlens.data.synthesis._pasting import Donor, copy_move, splice
from tamperlens.data.synthesis._photos import Photo, PhotoPool
from tamperlens.data.synthesis._regions import Mask, draw_region, is_visible
from tamperlens.data.synthesis._removal import remove
from tamperlens.data.synthesis._retouching import retouch
from tamperlens.data.synthesis._saves import Pixels, decode
from tamperlens.errors import UnknownNameError

KINDS = ("authentic", "splicing", "copy-move", "removal", "retouching", "ai-edit")
# People would not call jitter a kind; it is made so that localizers learn from traces alone.
EDITS = (*KINDS, "jitter")

DEFAULT_SHARES: Mapping[str, float] = MappingProxyType(
    {
        "authentic": 0.3,
        "splicing": 0.3,
        "copy-move": 0.2,
        "removal": 0.08,
        "retouching": 0.07,
        "ai-edit": 0.05,
    }
)

# A mask with fewer pixels after the history is not a usable target.
_LEAST_MASK = 32


@dataclass(frozen=True)
class Forgery:
    """One made sample.

    Attributes:
        file: JPEG or PNG bytes.
        pixels: (side, side, 3) uint8 RGB, decoded from the file.
        mask: (side, side) bool, True where the pixel was altered.
        kind: one of `EDITS`.
        history: what it went through besides the edit.
        sources: names of the photographs it was made from.
    """

    file: bytes = field(repr=False)
    pixels: Pixels = field(repr=False)
    mask: NDArray[np.bool_] = field(repr=False)
    kind: str
    history: History
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Hardness:
    """What makes a stream harder than the plain one.

    Attributes:
        processed: share of the photographs that were processed before the edit; half as many for donors.
        other_codecs: share of the last saves that are WebP or AVIF.
        shapes: share of spliced regions that are drawn shapes even if the donor has an outlined object.
        gathered: share of the JPEG saves that use tables gathered from real files.
        kept: share of the photographs that are saved again on the grid of their first save.
        resaved: share of the finished files that are saved once more on their grid.
    """

    processed: float = 0.0
    other_codecs: float = 0.0
    shapes: float = 0.25
    gathered: float = 0.0
    kept: float = 0.0
    resaved: float = 0.0


class ForgeryStream:
    """An unlimited stream of samples; number n depends only on the pool, the seed and n.

    Args:
        pool: photographs to forge from.
        side: height and width of the samples.
        seed: of the whole stream.
        shares: probability of each kind; they need not sum to 1.
        generator: network that AI-like edits pass through; None to resample instead.
        hardness: how much harder than a plain history the photographs' history is.
        donors: photographs that spliced regions come from; those of `pool` when None.

    Raises:
        UnknownNameError: there is no such kind.
    """

    def __init__(
        self,
        pool: PhotoPool,
        side: int = 256,
        seed: int = 0,
        shares: Mapping[str, float] = DEFAULT_SHARES,
        generator: Generator | None = None,
        hardness: "Hardness | None" = None,
        donors: PhotoPool | None = None,
    ) -> None:
        for kind in shares:
            if kind not in EDITS:
                raise UnknownNameError("kind of sample", kind, EDITS)
        self.pool, self.side, self.seed, self.generator = pool, side, seed, generator
        self.shares, self.hardness, self.donors = shares, hardness or Hardness(), donors or pool
        self._kinds, self._shares = _normalised(shares)
        edited = {kind: share for kind, share in shares.items() if kind != "authentic" and share}
        self._edits = _normalised(edited or {k: v for k, v in DEFAULT_SHARES.items() if k != "authentic"})

    def __getitem__(self, number: int) -> Forgery:
        rng = np.random.default_rng([self.seed, number])
        kind = str(rng.choice(self._kinds, p=self._shares))
        authentic = kind == "authentic"
        if authentic:
            kind = self._draw_edit(rng)
        while True:
            forgery = self._draw(rng, kind, authentic)
            if forgery:
                return forgery

    def kind(self, number: int) -> str:
        """The kind of a sample, without making it."""
        return str(np.random.default_rng([self.seed, number]).choice(self._kinds, p=self._shares))

    def twins(self, number: int) -> tuple[Forgery, Forgery]:
        """A forged sample and its authentic twin: the same photograph and history, without the edit.

        Only the edit distinguishes the two: not size, nor format, nor how often they were saved.
        """
        rng = np.random.default_rng([self.seed, number])
        kind = self._draw_edit(rng)
        while True:
            state = rng.bit_generator.state
            forged = self._draw(rng, kind)
            if forged:
                rng.bit_generator.state = state
                authentic = self._draw(rng, kind, authentic=True)
                assert authentic is not None  # noqa: S101 - the same draws gave the forged one
                return forged, authentic

    def _draw_edit(self, rng: np.random.Generator) -> str:
        kinds, shares = self._edits
        return str(rng.choice(kinds, p=shares))

    def _draw(self, rng: np.random.Generator, kind: str, authentic: bool = False) -> Forgery | None:
        """One sample; None if the edit left too little to see: sky over sky, or over the border.

        An authentic sample is the twin of a forgery that passes. If only forgeries were drawn again, blurred
        and strongly compressed histories would be rarer among them, and headers would reveal the class.
        """
        index = self._draw_photo(rng)
        photo = self.pool.load(index)
        hard = self.hardness
        least = min(photo.pixels.shape[:2])
        history = draw_history(
            rng, least, self.side, hard.processed, hard.other_codecs, hard.gathered, hard.kept, hard.resaved
        )
        canvas = history.canvas_side(self.side)
        base, outline = _crop(rng, photo, history, canvas)
        edited, mask, donor = self._edit(rng, kind, base, outline, index)
        if not mask.any() or not is_visible(base, edited, mask):
            return None
        file, mask = history.after(base if authentic else edited, mask, self.side)
        if mask.sum() < _LEAST_MASK:
            return None
        source = (self.pool.paths[index].stem,)
        if authentic:
            return Forgery(file, decode(file), np.zeros_like(mask), "authentic", history, source)
        return Forgery(file, decode(file), mask, kind, history, source + donor)

    def _edit(
        self, rng: np.random.Generator, kind: str, base: Pixels, outline: Mask | None, index: int
    ) -> tuple[Pixels, Mask, tuple[str, ...]]:
        """The edited canvas, what was altered, and the donor's name if there is one."""
        if kind == "splicing":
            donor, name = self._donor(rng, base.shape[0], index)
            return *splice(rng, base, donor, self.hardness.shapes), (name,)
        if kind == "ai-edit":
            mask = draw_region(rng, base.shape[0], outline)
            edited = self.generator(base, mask) if self.generator else resample_region(rng, base, mask)
            return edited, mask, ()
        edit = {"copy-move": copy_move, "removal": remove, "retouching": retouch, "jitter": jitter}[kind]
        return *edit(rng, base, outline), ()

    def _draw_photo(self, rng: np.random.Generator) -> int:
        """Photographs with outlines are few compared with the others; they get a third of the draws."""
        outlined, u = self.pool.with_outlines, rng.random(2)
        if outlined and u[0] < 1 / 3:
            return outlined[int(u[1] * len(outlined))]
        return int(u[1] * len(self.pool))

    def _donor(self, rng: np.random.Generator, canvas: int, base: int) -> tuple[Donor, str]:
        """Part of another photograph, with its own history before the edit."""
        pool = self.donors
        outlined = pool.with_outlines
        if outlined and rng.random() < 0.75:
            index = outlined[int(rng.integers(len(outlined)))]
        else:
            index = int(rng.integers(len(pool)))
        if pool.paths[index] == self.pool.paths[base]:
            index = (index + 1) % len(pool)
        photo = pool.load(index)
        # The donor is cut from an opened file; everything after the edit applies to both.
        least = min(photo.pixels.shape[:2])
        hard = self.hardness
        history = draw_history(rng, least, canvas, hard.processed / 2, gathered=hard.gathered)
        history = replace(history, passed_on=None)
        cut = (int(rng.integers(8)), int(rng.integers(8)))
        source = _square(rng, photo, history.source_side(canvas))
        pixels = history.before(source.pixels, canvas, cut)
        return Donor(pixels, _draw_object(rng, source, history, canvas, cut)), pool.paths[index].stem


def _normalised(shares: Mapping[str, float]) -> tuple[list[str], NDArray[np.float64]]:
    weights = np.array(list(shares.values()), float)
    return list(shares), weights / weights.sum()


def _crop(
    rng: np.random.Generator, photo: Photo, history: History, canvas: int
) -> tuple[Pixels, Mask | None]:
    part = _square(rng, photo, history.source_side(canvas))
    pixels = history.before(part.pixels, canvas)
    return pixels, _draw_object(rng, part, history, canvas, history.cut)


def _square(rng: np.random.Generator, photo: Photo, side: int) -> Photo:
    """A random square of a photograph, mirrored at random; if too small it is continued by reflection."""
    pixels, objects = photo.pixels, photo.objects
    height, width = pixels.shape[:2]
    if min(height, width) < side:
        missing = ((0, max(0, side - height)), (0, max(0, side - width)))
        pixels = np.pad(pixels, (*missing, (0, 0)), mode="symmetric")
        objects = None if objects is None else np.pad(objects, missing)
        height, width = pixels.shape[:2]
    top, left = int(rng.integers(height - side + 1)), int(rng.integers(width - side + 1))
    window = np.s_[top : top + side, left : left + side]
    mirror = np.s_[:, ::-1] if rng.random() < 0.5 else np.s_[:, :]
    return Photo(
        np.ascontiguousarray(pixels[window][mirror]),
        None if objects is None else np.ascontiguousarray(objects[window][mirror]),
    )


def _draw_object(
    rng: np.random.Generator, part: Photo, history: History, canvas: int, cut: tuple[int, int]
) -> Mask | None:
    """Outline on the canvas of one object, drawn in proportion to its area; None if there is none."""
    if part.objects is None:
        return None
    counts = np.bincount(part.objects.ravel(), minlength=2)[1:].astype(float)
    u = rng.random()
    if not counts.sum():
        return None
    number = 1 + int(np.searchsorted(np.cumsum(counts / counts.sum()), u, side="right"))
    outline = (
        history.resample(part.outline(min(number, len(counts))).astype(np.uint8) * 255, canvas, cut) >= 128
    )
    return outline if outline.any() else None
