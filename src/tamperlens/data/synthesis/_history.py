"""What happens to a file before and after the edit, drawn without knowing whether there is one.

A photograph is saved by its camera, cut, scaled, edited, toned, saved again and perhaps forwarded by a
messenger. Forged and authentic samples go through the same draws, so format, quality and size do not reveal
the class.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from tamperlens.data.channels import INTERPOLATIONS, gathered_tables
from tamperlens.data.synthesis._processing import process
from tamperlens.data.synthesis._saves import Pixels, Save, decode


@dataclass(frozen=True)
class History:
    """Everything that happens to a sample besides the edit.

    Attributes:
        source: the camera's save; None for a photograph that was never compressed.
        cut: rows and columns cut off after it, which shift the 8 × 8 grid; (0, 0) keeps the grid.
        scale: factor by which the photograph is resized before the edit.
        interpolation: OpenCV's code for that resize.
        polish: name of the operation on the whole image after the edit; None for none.
        polish_strength: 0..1.
        save: the save after the edit.
        passed_on: scale and save of a second save, such as a messenger's; None for none. At scale 1 the image
            is cut off its grid instead.
        processed: seed of what was done to the photograph before the edit, None for nothing; see
            `processing.process`.
        resaved: a last save on the grid of the one before, by someone who opens the finished file and saves
            it; None for none.
    """

    source: Save | None
    cut: tuple[int, int]
    scale: float
    interpolation: int
    polish: str | None
    polish_strength: float
    save: Save
    passed_on: tuple[float, Save] | None
    processed: int | None = None
    resaved: Save | None = None

    def described(self) -> dict[str, Any]:
        """The same as plain values, for figures by channel."""
        scale, last = self.passed_on or (1.0, self.save)
        last = self.resaved or last
        return {
            "first": self.source.quality if self.source else None,
            "last": last.quality,
            "codec": last.codec if last.quality else "PNG",
            "scale": round(self.scale, 3),
            "passed_on": round(scale, 3) if self.passed_on else None,
            "polish": self.polish,
            "processed": self.processed is not None,
            "resaved": self.resaved is not None,
        }

    def canvas_side(self, side: int) -> int:
        """Side of the canvas on which the edit is made, so that the sample ends up at `side`."""
        if self.passed_on is None:
            return side
        return side + 8 if self.passed_on[0] == 1 else math.ceil(side / self.passed_on[0])

    def source_side(self, side: int) -> int:
        """Side of the square to take from the photograph."""
        return math.ceil(self.canvas_side(side) / self.scale) + 8

    def before(self, pixels: Pixels, canvas_side: int, cut: tuple[int, int] | None = None) -> Pixels:
        """Source save, cut and resize.

        Args:
            pixels: (h, w, 3) uint8 RGB from the photograph.
            canvas_side: side of the result.
            cut: replaces the history's own.
        """
        if self.source:
            pixels = self.source.apply(pixels)
        pixels = self.resample(pixels, canvas_side, cut)
        return pixels if self.processed is None else process(pixels, self.processed)

    def resample(self, values: Pixels, canvas_side: int, cut: tuple[int, int] | None = None) -> Pixels:
        """The cut and the resize alone, for pixels or for their mask."""
        top, left = cut or self.cut
        height, width = values.shape[0] - 8, values.shape[1] - 8
        values = values[top : top + height, left : left + width]
        if values.shape[:2] == (canvas_side, canvas_side):
            return np.ascontiguousarray(values)
        method = self.interpolation if values.ndim == 3 else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(values, (canvas_side, canvas_side), interpolation=method), np.uint8)

    def after(self, pixels: Pixels, mask: NDArray[np.bool_], side: int) -> tuple[bytes, NDArray[np.bool_]]:
        """Polish, save, pass on and save again.

        Returns:
            The file, and the (side, side) bool mask that fits its pixels.
        """
        file, mask = self._passed_on(pixels, mask, side)
        return self.resaved.encode(decode(file)) if self.resaved else file, mask

    def _passed_on(
        self, pixels: Pixels, mask: NDArray[np.bool_], side: int
    ) -> tuple[bytes, NDArray[np.bool_]]:
        pixels = polish(pixels, self.polish, self.polish_strength)
        if self.passed_on is None:
            return self.save.encode(pixels), mask
        scale, save = self.passed_on
        pixels = self.save.apply(pixels)
        if scale == 1:
            window = np.s_[3 : 3 + side, 5 : 5 + side]
            return save.encode(np.ascontiguousarray(pixels[window])), mask[window]
        small = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA)
        share = cv2.resize(mask.astype(np.float32), (side, side), interpolation=cv2.INTER_AREA)
        return save.encode(np.asarray(small, np.uint8)), share >= 0.5


def draw_history(
    rng: np.random.Generator,
    photo_side: int,
    side: int,
    processed: float = 0.0,
    other_codecs: float = 0.0,
    gathered: float = 0.0,
    kept: float = 0.0,
    resaved: float = 0.0,
) -> History:
    """Draw a history.

    Args:
        rng: source of all draws; their number does not depend on their results.
        photo_side: shorter side of the photograph; it is not scaled down further than it can fill.
        side: side of the finished sample.
        processed: share of the photographs that are processed before the edit.
        other_codecs: share of the last saves that are WebP or AVIF.
        gathered: share of the saves by camera and editor that use tables gathered from real files.
        kept: share of the photographs that are opened, edited and saved again on the grid of the first save.
            At 0 nothing is drawn for it.
        resaved: share of the finished files that are saved once more on their grid; likewise.
    """
    u = rng.random(12)
    source, save = _draw_save(rng, 0.15, gathered), _draw_save(rng, 0.12, gathered)
    passing = _draw_save(rng, 0.0)
    passed_on = None
    if u[0] < 0.25:
        quality = 60 + int(u[1] * 36)
        passed_on = (
            1.0 if u[2] < 0.3 else 0.5 + 0.5 * u[2],
            Save(quality, bool(passing.full_chroma and u[3] < 0.3)),
        )
    cut = (int(u[4] * 8), int(u[5] * 8)) if u[6] < 0.35 else (0, 0)
    history = History(
        source=None if source.quality is None else source,
        cut=cut,
        scale=1.0 if u[7] < 0.6 else float(np.exp(np.interp(u[8], [0, 1], np.log([0.4, 1.5])))),
        interpolation=INTERPOLATIONS[int(u[9] * len(INTERPOLATIONS))],
        polish=None if u[10] < 0.75 else str(rng.choice(POLISHES)),
        polish_strength=float(u[11]),
        save=save,
        passed_on=passed_on,
    )
    v, seed = rng.random(3), int(rng.integers(1 << 31))
    if v[0] < processed:
        history = replace(history, processed=seed)
    if v[1] < other_codecs and passed_on is None:
        codec = "WEBP" if v[2] < 0.6 else "AVIF"
        history = replace(history, save=Save(40 + int(v[2] * 59), codec=codec))
    if kept:
        history = _on_its_grid(rng, history, kept)
    if resaved:
        w = rng.random(3)
        again = Save(45 + int(w[1] * 54), bool(w[2] < 0.35)) if w[0] < resaved else None
        history = replace(history, resaved=again)
    least = history.canvas_side(side) / max(photo_side - 8, 1)
    if history.scale >= least:
        return history
    return replace(history, scale=least)


def _on_its_grid(rng: np.random.Generator, history: History, kept: float) -> History:
    """The same history, or that of an editor that neither cuts nor scales: two saves on one grid."""
    u = rng.random(5)
    if u[0] >= kept:
        return history
    # Qualities found on the web, and those an editor writes by default.
    source = Save(60 + int(u[1] * 39), bool(u[2] < 0.35))
    as_drawn = history.save.quality is not None and u[3] < 0.3
    save = history.save if as_drawn else Save(75 + int(u[4] * 26), bool(u[2] < 0.5))
    return replace(history, source=source, cut=(0, 0), scale=1.0, save=save, passed_on=None, processed=None)


def _draw_save(rng: np.random.Generator, png: float, gathered: float = 0.0) -> Save:
    u = rng.random(4)
    quality = 50 + round(50 * u[0] ** 0.7)
    if u[1] < png:
        quality = None
    # The share is taken from the upper end of a number that is drawn anyway.
    elif u[3] >= 1 - gathered:
        return Save(quality, gathered=int((u[3] - 1 + gathered) / gathered * len(gathered_tables())))
    return Save(quality, bool(u[2] < 0.35), 0.0 if u[3] < 0.6 else (u[3] - 0.8) * 3)


POLISHES = ("tone", "saturation", "blur", "sharpen", "noise")


def polish(pixels: Pixels, name: str | None, strength: float) -> Pixels:
    """An operation on the whole image, such as any photograph may undergo.

    Args:
        pixels: (H, W, 3) uint8 RGB.
        name: one of `POLISHES`, or None for none.
        strength: 0..1.
    """
    if name is None:
        return pixels
    if name == "tone":
        curve = 255 * (np.arange(256) / 255) ** np.exp((strength - 0.5) * 0.8)
        return np.asarray(cv2.LUT(pixels, curve.round().astype(np.uint8)), np.uint8)
    values = pixels.astype(np.float32)
    if name == "saturation":
        gray = values.mean(axis=2, keepdims=True)
        values = gray + (values - gray) * np.float32(0.5 + strength)
    elif name == "blur":
        values = np.asarray(cv2.GaussianBlur(values, (0, 0), 0.3 + 0.6 * strength))
    elif name == "sharpen":
        values += np.float32(0.2 + strength) * (values - np.asarray(cv2.GaussianBlur(values, (0, 0), 1.0)))
    else:  # the strength fixes the pattern, so that a history always gives the same bytes
        noise = np.random.default_rng(int(strength * 1e9)).standard_normal(values.shape, np.float32)
        values += noise * np.float32(0.5 + 3.5 * strength)
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
