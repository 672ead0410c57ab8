"""What the comparison of a thumbnail with its image says of made files of known truth.

    python benchmarks/traces/thumbnails.py --photographs DIR [--json benchmarks/results/thumbnails.json]

From each photograph a thumbnail of 160 × 120 is made with one of four filters, sharpened or not, with a tone
of its own and JPEG quality 45 to 92. The image is edited, reduced to 50 to 100 % and saved at quality
60 to 95.
"""

import argparse
import collections
import io
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from tamperlens.evidence._thumbnail import compare_thumbnail

RELATIONS = ["same", "part differs", "cropped", "another picture", "too flat to compare"]
FILTERS = [
    Image.Resampling.BOX,
    Image.Resampling.BILINEAR,
    Image.Resampling.LANCZOS,
    Image.Resampling.NEAREST,
]
Pixels = np.ndarray


def saved(image: Image.Image, quality: int) -> Pixels:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def thumbnail(image: Image.Image, rng: np.random.Generator) -> Pixels:
    size = (160, 120) if image.width >= image.height else (120, 160)
    scale = min(size[0] / image.width, size[1] / image.height)
    inner = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    kind = FILTERS[rng.choice(4, p=[0.35, 0.25, 0.25, 0.15])]
    if kind == Image.Resampling.NEAREST:  # skips pixels of an image already halved, as fast cameras do
        image = image.resize((2 * inner[0], 2 * inner[1]), Image.Resampling.BOX)
    small = image.resize(inner, kind)
    if rng.random() < 0.4:
        small = small.filter(ImageFilter.UnsharpMask(1, int(rng.integers(20, 100)), 0))
    tone = (np.asarray(small) / 255.0) ** rng.uniform(0.9, 1.1) * rng.uniform(0.93, 1.05)
    canvas = Image.new("RGB", size if rng.random() < 0.7 else inner)
    place = (canvas.width - inner[0]) // 2, (canvas.height - inner[1]) // 2
    canvas.paste(Image.fromarray((255 * tone.clip(0, 1)).astype(np.uint8)), place)
    return saved(canvas, int(rng.integers(45, 93)))


def pasted(pixels: Pixels, other: Pixels, area: float, rng: np.random.Generator) -> Pixels:
    """A blob of `area` of the image taken from another one."""
    height, width = pixels.shape[:2]
    radius = (area * height * width / np.pi) ** 0.5
    low = np.array([min(radius, height / 2), min(radius, width / 2)])
    row, column = rng.uniform(low, np.maximum([height, width] - low, low + 1))
    y, x = np.mgrid[:height, :width]
    bumps = 1 + 0.2 * np.sin(3 * np.arctan2(y - row, x - column) + rng.uniform(0, 6))
    return np.where((np.hypot(y - row, x - column) < radius * bumps)[..., None], other, pixels)


def cropped(pixels: Pixels, share: float, rng: np.random.Generator) -> Pixels:
    height, width = (int(side * share) for side in pixels.shape[:2])
    top, left = rng.integers(0, pixels.shape[0] - height + 1), rng.integers(0, pixels.shape[1] - width + 1)
    return pixels[top : top + height, left : left + width]


def edits(image: Image.Image, other: Image.Image, rng: np.random.Generator) -> dict[str, Pixels]:
    pixels, another = np.asarray(image), np.asarray(other.resize(image.size))
    moved = np.roll(pixels, (int(image.height * 0.45), int(image.width * 0.4)), (0, 1))
    return {
        "untouched": pixels,
        "pasted 2 %": pasted(pixels, another, 0.02, rng),
        "pasted 5 %": pasted(pixels, another, 0.05, rng),
        "pasted 15 %": pasted(pixels, another, 0.15, rng),
        "copied within 3 %": pasted(pixels, moved, 0.03, rng),
        "copied within 10 %": pasted(pixels, moved, 0.10, rng),
        "cropped to 97 % a side": cropped(pixels, 0.97, rng),
        "cropped to 90 % a side": cropped(pixels, 0.90, rng),
        "cropped to 60 % a side": cropped(pixels, 0.60, rng),
        "mirrored": pixels[:, ::-1],
        "turned by 90°": np.rot90(pixels),
        "another photograph": np.asarray(other),
    }


def delivered(pixels: Pixels, rng: np.random.Generator) -> Pixels:
    image, scale = Image.fromarray(np.ascontiguousarray(pixels)), rng.uniform(0.5, 1)
    size = (max(int(image.width * scale), 64), max(int(image.height * scale), 64))
    return saved(image.resize(size), int(rng.integers(60, 96)))


def opened(path: Path) -> Image.Image:
    image = Image.open(path).convert("RGB")
    image.thumbnail((1200, 1200))
    return image


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photographs", type=Path, nargs="+", required=True)
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    suffixes = {".jpg", ".jpeg", ".png"}
    paths = [p for d in options.photographs for p in sorted(d.rglob("*")) if p.suffix.lower() in suffixes]
    table: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for _ in range(options.count):
        image, other = (opened(paths[i]) for i in rng.choice(len(paths), 2, replace=False))
        small = thumbnail(image, rng)
        for name, pixels in edits(image, other, rng).items():
            found = compare_thumbnail(small, delivered(pixels, rng))
            table[name][
                found.relation + (", turned" if found.turned and found.relation == "same" else "")
            ] += 1
    columns = ["same", "same, turned", *RELATIONS[1:]]
    print("| edit | n |", " | ".join(columns), "|")
    print("|---|" + "---:|" * (len(columns) + 1))
    for name, counts in table.items():
        print(f"| {name} | {counts.total()} |", " | ".join(str(counts[column]) for column in columns), "|")
    if options.json:
        options.json.write_text(json.dumps({name: dict(c) for name, c in table.items()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
