"""How often photographs are called something else, and drawings and pages photographs.

    python benchmarks/traces/scope.py --photographs DIR [DIR ...] [--json benchmarks/results/scope.json]

Photographs: the first files of each folder by a fixed shuffle, as found and re-saved at JPEG quality 50.
Drawings, plots and pages are made here, by Pillow and matplotlib, and saved as they are and as JPEG of
quality 90 and 50; pages also as if photographed, with blur, uneven light and noise. --others DIR adds files
that are no photographs, such as screenshots.
"""

import argparse
import collections
import io
import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tamperlens.errors import EvidenceError
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.evidence._scope import scope

KINDS = ["photograph", "drawing or screenshot", "document", "tiny", "blank"]
SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".bmp"}
WORDS = ["the", "house", "stands", "by", "a", "river", "and", "nobody", "knows", "who", "built", "it"]


def drawings(rng: np.random.Generator, count: int) -> Iterator[np.ndarray]:
    """Filled shapes with outlines, on one colour or a gradient."""
    for number in range(count):
        width, height = rng.integers(400, 1200, 2).tolist()
        first, last = rng.integers(0, 256, (2, 3))
        blend = np.linspace(0, 1, height)[:, None, None] * (number % 2)
        ground = np.broadcast_to(first * (1 - blend) + last * blend, (height, width, 3)).astype(np.uint8)
        canvas = Image.fromarray(ground).resize((2 * width, 2 * height))
        draw = ImageDraw.Draw(canvas)
        for _ in range(rng.integers(5, 50)):
            x, y, r = (int(v) for v in rng.integers([0, 0, 10], [2 * width, 2 * height, 300]))
            fill = tuple(rng.integers(0, 256, 3).tolist())
            shape = draw.ellipse if rng.random() < 0.5 else draw.rectangle
            shape((x - r, y - r, x + r, y + r // 2), fill, outline=(0, 0, 0), width=4)
        yield np.asarray(canvas.resize((width, height), Image.Resampling.LANCZOS))


def pages(rng: np.random.Generator, count: int) -> Iterator[np.ndarray]:
    """Dark text on light paper."""
    for _ in range(count):
        width, height = rng.integers(500, 1300, 2).tolist()
        size = int(rng.integers(13, 30))
        page = Image.new("RGB", (width, height), tuple(rng.integers(238, 256, 3).tolist()))
        draw = ImageDraw.Draw(page)
        for line in range(40, height - 40, int(1.4 * size)):
            text = " ".join(rng.choice(WORDS, int(width / size / 2.5)))
            draw.text((40, line), text, (25, 25, 30), ImageFont.load_default(size))
        yield np.asarray(page)


def photographed(rng: np.random.Generator, page: np.ndarray) -> np.ndarray:
    """A page under uneven light, a little out of focus, with noise."""
    turned = Image.fromarray(page).rotate(rng.uniform(-2, 2), fillcolor=(245, 245, 245))
    soft = np.asarray(turned.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 1.2)))).astype(np.float64)
    light = 1 - 0.3 * rng.random() * np.linspace(0, 1, page.shape[1])[None, :, None]
    return (
        (0.9 * soft * light + 12 + rng.normal(0, rng.uniform(0.8, 5), page.shape)).clip(0, 255).astype("u1")
    )


def plots(rng: np.random.Generator, count: int) -> Iterator[np.ndarray]:
    """Curves, bars, points and maps."""
    import matplotlib as mpl  # noqa: PLC0415 - only here

    mpl.use("Agg")
    import matplotlib.pyplot as plt  # noqa: PLC0415

    for number in range(count):
        figure, axes = plt.subplots(dpi=int(rng.choice([80, 100, 150])))
        values = rng.random((12, 12))
        if number % 4 == 0:
            axes.plot(values)
        elif number % 4 == 1:
            axes.imshow(values)
        elif number % 4 == 2:
            axes.bar(range(12), values[0])
        else:
            axes.scatter(values[0], values[1])
        axes.set_title("Measured")
        figure.canvas.draw()
        yield np.asarray(figure.canvas.buffer_rgba())[..., :3].copy()
        plt.close(figure)


def as_png(pixels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def made() -> Iterator[tuple[str, bytes]]:
    rng = np.random.default_rng(0)
    for name, images in (("drawings", drawings), ("plots", plots), ("pages", pages)):
        for pixels in images(rng, 40):
            yield f"{name}, PNG", as_png(pixels)
            for quality in (90, 50):
                yield f"{name}, JPEG {quality}", encode_jpeg(pixels, quality)
            if images is pages:
                yield "pages, photographed", encode_jpeg(photographed(rng, pixels), 85)


def found(folder: Path, limit: int) -> Iterator[tuple[str, bytes]]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    random.Random(0).shuffle(paths)
    for path in paths[:limit]:
        yield folder.name, path.read_bytes()


def counted(images: Iterator[tuple[str, bytes]], again: bool) -> dict[str, collections.Counter[str]]:
    table: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for name, data in images:
        try:
            evidence = load_evidence(data)
        except EvidenceError:
            continue
        table[name][scope(evidence).kind] += 1
        if again:
            saved = load_evidence(encode_jpeg(evidence.pixels, 50))
            table[f"{name}, JPEG 50"][scope(saved).kind] += 1
    return table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--photographs", type=Path, nargs="+", default=[])
    parser.add_argument("--others", type=Path, nargs="+", default=[])
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    table = {}
    for folder in options.photographs:
        table |= counted(found(folder, options.limit), again=True)
    table |= counted(made(), again=False)
    for folder in options.others:
        table |= counted(found(folder, options.limit), again=True)
    print("| set | n |", " | ".join(KINDS), "|")
    print("|---|" + "---:|" * (len(KINDS) + 1))
    for name, counts in table.items():
        print(f"| {name} | {counts.total()} |", " | ".join(str(counts[kind]) for kind in KINDS), "|")
    if options.json:
        options.json.write_text(
            json.dumps({name: dict(counts) for name, counts in table.items()}, indent=1) + "\n"
        )


if __name__ == "__main__":
    main()
