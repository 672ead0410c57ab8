"""Faces swapped and faces changed in place: a synthetic stand-in for face manipulations."""

import cv2
import numpy as np

from tamperlens.data.synthesis._pasting import clone_seamlessly, is_clear_of_border
from tamperlens.data.synthesis._regions import Mask, Pixels
from tamperlens.data.synthesis._stream import ForgeryStream

# Sides at which face networks render, drawn at random; the face is then resized to its place.
_RENDERED = (64, 96, 128, 160)
_LEAST_SIDE = 24


class FaceStream(ForgeryStream):
    """Samples like those of `ForgeryStream`, with a changed face as the only edit.

    Args: as for `ForgeryStream`. The pool's outlines are faces; photographs without any are never drawn.
    """

    def _edit(
        self, rng: np.random.Generator, kind: str, base: Pixels, outline: Mask | None, index: int
    ) -> tuple[Pixels, Mask, tuple[str, ...]]:
        there = _box(outline)
        if outline is None or there is None:
            return base, np.zeros(base.shape[:2], bool), ()
        if kind == "retouching":
            return *reenact(rng, base, outline), ()
        donor, name = self._donor(rng, base.shape[0], index)
        taken = _box(donor.outline)
        if taken is None:
            return base, np.zeros(base.shape[:2], bool), ()
        return *swap_face(rng, base, outline, donor.pixels[taken]), (name,)

    def _draw_photo(self, rng: np.random.Generator) -> int:
        return self.pool.with_outlines[int(rng.integers(len(self.pool.with_outlines)))]


def swap_face(rng: np.random.Generator, base: Pixels, outline: Mask, face: Pixels) -> tuple[Pixels, Mask]:
    """Replace a face by another: rendered small, colours matched, softly or seamlessly blended.

    Args:
        rng: source of all draws.
        base: (side, side, 3) uint8 RGB.
        outline: (side, side) bool mask of the face in it.
        face: (h, w, 3) uint8 RGB, the other face, cropped to its edges.

    Returns:
        The forged image, and the (side, side) bool mask of the new face.
    """
    box = _box(outline)
    if box is None:
        return base, outline
    mirrored = face[:, ::-1] if rng.random() < 0.5 else face
    return _put(rng, base, outline, box, np.ascontiguousarray(mirrored))


def reenact(rng: np.random.Generator, base: Pixels, outline: Mask) -> tuple[Pixels, Mask]:
    """Bend a face's lower half, as for another expression, and put it back in the same way.

    Args:
        rng: source of all draws.
        base: (side, side, 3) uint8 RGB.
        outline: (side, side) bool mask of the face in it.
    """
    box = _box(outline)
    if box is None:
        return base, outline
    face = base[box]
    height, width = face.shape[:2]
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    near = np.exp(-(((rows / height - 0.72) / 0.18) ** 2) - ((columns / width - 0.5) / 0.3) ** 2)
    down, across = rng.uniform(-0.12, 0.12, 2)
    bent = cv2.remap(
        face, columns + np.float32(across * width) * near, rows + np.float32(down * height) * near,
        cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101,
    )  # fmt: skip
    return _put(rng, base, outline, box, np.asarray(bent, np.uint8))


def _box(outline: Mask | None) -> tuple[slice, slice] | None:
    """Rows and columns of a face, if it is large enough."""
    if outline is None or not outline.any():
        return None
    rows, columns = np.flatnonzero(outline.any(1)), np.flatnonzero(outline.any(0))
    box = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    return box if min(part.stop - part.start for part in box) >= _LEAST_SIDE else None


def _put(
    rng: np.random.Generator, base: Pixels, outline: Mask, box: tuple[slice, slice], face: Pixels
) -> tuple[Pixels, Mask]:
    side = _RENDERED[int(rng.integers(len(_RENDERED)))]
    rendered = cv2.resize(face, (side, side), interpolation=cv2.INTER_AREA)
    there, inside = base[box], outline[box]
    method = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
    placed = np.asarray(cv2.resize(rendered, there.shape[1::-1], interpolation=method), np.uint8)
    pasted = base.copy()
    pasted[box] = _coloured(placed, there, inside)
    softness = float(rng.uniform(0.01, 0.06)) * there.shape[1]
    if rng.random() < 0.4 and is_clear_of_border(outline):
        return clone_seamlessly(pasted, base, outline), outline
    alpha = cv2.GaussianBlur(outline.astype(np.float32), (0, 0), max(1.0, softness)) * outline
    mixed = base + alpha[:, :, None] * (pasted.astype(np.float32) - base)
    return np.clip(np.rint(mixed), 0, 255).astype(np.uint8), outline


def _coloured(face: Pixels, there: Pixels, inside: Mask) -> Pixels:
    """The face with the mean and deviation of each colour of the face it replaces."""
    new, old = face[inside].astype(np.float32), there[inside].astype(np.float32)
    gain = np.clip((old.std(0) + 1) / (new.std(0) + 1), 0.5, 2.0)
    moved = (face - new.mean(0)) * gain + old.mean(0)
    return np.asarray(np.clip(np.rint(moved), 0, 255), np.uint8)
