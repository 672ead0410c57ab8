"""How often copies of a photograph are found in a folder, and how often different ones are taken for copies.

    python benchmarks/traces/near_duplicates.py --photos DIR [--n 150] [--seed 0] [--json FILE]

Each photograph is saved again, halved, or cut to 80 or 60 % of each side at a random place, and compared with
its original as `tamperlens examine FOLDER` compares; false pairs are those of two different photographs.
"""

import argparse
import io
import json
import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tamperlens.report.alike import alike, tiny


def resaved(image: Image.Image, quality: int = 50) -> Image.Image:
    """The picture after a JPEG save."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def cut(image: Image.Image, least: float, rng: random.Random) -> Image.Image:
    """A part whose sides are at least that share, saved again."""
    width, height = (int(side * rng.uniform(least, 1)) for side in image.size)
    left, top = rng.randint(0, image.width - width), rng.randint(0, image.height - height)
    return resaved(image.crop((left, top, left + width, top + height)), 75)


def main() -> None:
    """Print, and write, the rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--n", type=int, default=150)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rng = random.Random(asked.seed)
    files = sorted(asked.photos.rglob("*.jpg"))
    rng.shuffle(files)
    images = [Image.open(file).convert("RGB") for file in files[: asked.n]]
    originals = [tiny(image) for image in images]
    changes: dict[str, Callable[[Image.Image], Image.Image]] = {
        "saved at quality 50": resaved,
        "halved": lambda image: image.resize((image.width // 2, image.height // 2)),
        "sides cut to 80 %": lambda image: cut(image, 0.8, rng),
        "sides cut to 60 %": lambda image: cut(image, 0.6, rng),
    }
    pairs = len(images) * (len(images) - 1) // 2
    result: dict[str, object] = {"photographs": len(images), "different pairs": pairs}
    result["false pairs"] = sum(map(len, alike(originals))) // 2
    for name, change in changes.items():
        found = sum(
            1 in alike([first, tiny(change(image))])[0]
            for first, image in zip(originals, images, strict=True)
        )
        result[name] = round(found / len(images), 3)
    print(json.dumps(result, indent=2))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
