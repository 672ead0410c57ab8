"""Make the sample photographs of this folder from scikit-image's.

    python examples/make_examples.py

Two photographs are left alone, the others are altered. Each original is first saved as JPEG like a camera's,
so that the alterations have a history to disturb. `truth/` receives the mask of every alteration.
"""

from pathlib import Path

import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from skimage.restoration import inpaint_biharmonic

from tamperlens.evidence import encode_jpeg, load_evidence

FOLDER = Path(__file__).parent
Pixels = NDArray[np.uint8]


def camera(pixels: Pixels) -> Pixels:
    """A photograph as it comes from a camera's JPEG encoder."""
    return load_evidence(encode_jpeg(pixels, 92, "4:2:2")).pixels


def ellipse(
    shape: tuple[int, ...], box: tuple[int, int, int, int], feather: float = 1.5
) -> NDArray[np.float64]:
    """Soft elliptic selection, (H, W) in 0..1; box is left, top, right, bottom."""
    mask = Image.new("L", (shape[1], shape[0]))
    ImageDraw.Draw(mask).ellipse(box, fill=255)
    return np.asarray(mask.filter(ImageFilter.GaussianBlur(feather))) / 255.0


def blend(base: Pixels, over: Pixels, mask: NDArray[np.float64]) -> Pixels:
    """Lay `over` on `base` where the mask says."""
    weight = mask[..., None]
    return np.rint(base * (1 - weight) + over * weight).astype(np.uint8)


def splice() -> tuple[Pixels, NDArray[np.float64]]:
    """The cat looks out of the coffee cup."""
    base, cat = camera(skimage.data.coffee()), camera(skimage.data.chelsea())
    face = Image.fromarray(cat[30:260, 110:330]).resize((112, 117), Image.Resampling.BICUBIC)
    over = base.copy()
    top, left = 78, 248
    over[top : top + 117, left : left + 112] = np.asarray(face)
    mask = ellipse(base.shape, (left + 5, top + 5, left + 107, top + 112), 2.0)
    return blend(base, over, mask), mask


def copy_move() -> tuple[Pixels, NDArray[np.float64]]:
    """A second rocket stands to the left of the first."""
    base = camera(skimage.data.rocket())
    shift = 132
    over = base.copy()
    over[:, :-shift] = base[:, shift:]
    mask = ellipse(base.shape, (318 - shift - 20, 100, 318 - shift + 20, 366), 3.0)
    return blend(base, over, mask), mask


def removal() -> tuple[Pixels, NDArray[np.float64]]:
    """The slender tower to the right of the rocket is painted away."""
    base = camera(skimage.data.rocket())
    mask = ellipse(base.shape, (426, 96, 470, 400), 0.1)
    hole = mask > 0.5
    left, top, right, bottom = 410, 80, 486, 416
    part = inpaint_biharmonic(base[top:bottom, left:right], hole[top:bottom, left:right], channel_axis=2)
    over = base.copy()
    over[top:bottom, left:right] = np.rint(np.clip(part, 0, 1) * 255)
    return blend(base, over, mask), mask


def retouch() -> tuple[Pixels, NDArray[np.float64]]:
    """The skin is smoothed."""
    base = camera(skimage.data.astronaut())
    smooth = Image.fromarray(base).filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.GaussianBlur(1.5))
    mask = ellipse(base.shape, (168, 50, 282, 196), 8.0)
    return blend(base, np.asarray(smooth), mask), mask


def double_save() -> tuple[Pixels, NDArray[np.float64]]:
    """An eye looks out of the coffee of a photograph that was saved at quality 70 before."""
    base = load_evidence(encode_jpeg(skimage.data.coffee(), 70, "4:2:0")).pixels
    over, top, left = base.copy(), 112, 272
    over[top : top + 96, left : left + 96] = skimage.data.chelsea()[90:186, 120:216]
    mask = ellipse(base.shape, (left + 2, top + 2, left + 93, top + 93), 1.0)
    return blend(base, over, mask), mask


def messenger() -> tuple[Pixels, NDArray[np.float64]]:
    """The second rocket once more, after it was sent: reduced, and saved at quality 70."""
    pixels, mask = copy_move()
    size, sent = (512, 342), Image.fromarray(load_evidence(encode_jpeg(pixels, 88)).pixels)
    small = sent.resize(size, Image.Resampling.LANCZOS)
    return np.asarray(small), np.asarray(Image.fromarray(mask).resize(size))


def main() -> None:
    """Write the photographs and the masks of those that are altered."""
    wall = np.repeat(skimage.data.brick()[..., None], 3, axis=2)
    (FOLDER / "unusual.jpg").write_bytes(encode_jpeg(wall, 92, "4:2:2"))
    (FOLDER / "untouched.jpg").write_bytes(encode_jpeg(skimage.data.chelsea(), 92, "4:2:2"))
    (FOLDER / "truth").mkdir(exist_ok=True)
    for make, quality in _SAVED.items():
        pixels, mask = make()
        name = make.__name__.replace("_", "-")
        (FOLDER / f"{name}.jpg").write_bytes(encode_jpeg(pixels, quality))
        Image.fromarray(np.where(mask >= 0.5, 255, 0).astype(np.uint8)).save(FOLDER / f"truth/{name}.png")


_SAVED = {splice: 88, copy_move: 88, removal: 88, retouch: 88, double_save: 95, messenger: 70}

if __name__ == "__main__":
    main()
