"""Gather the quantisation tables of a folder's JPEG files: one row a distinct pair that is not the IJG's.

    python benchmarks/traces/jpeg_tables.py FOLDER --leave-out benchmarks/traces/kept_cameras.txt [--write]

FOLDER holds files as cameras and programs wrote them, such as the repositories
drewnoakes/metadata-extractor-images and ianare/exif-samples. A line of --leave-out is a camera model whose
tables are kept for thresholds and tests: of their camera originals that half whose name's SHA-256 lies above
the middle. --write renews src/tamperlens/data/channels/gathered_tables.json.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, JpegImagePlugin

from tamperlens.data.channels import SAMPLINGS
from tamperlens.evidence._jpeg import ijg_table

_MODEL = 0x0110
_STORED = Path(__file__).parents[2] / "src/tamperlens/data/channels/gathered_tables.json"
Row = tuple[tuple[int, ...], tuple[int, ...], int]


def tables_of(folder: Path, left_out: frozenset[str]) -> Iterator[Row]:
    """Luma, chroma and sampling of each file that has two tables of its own."""
    ijg = {tuple(int(step) for step in ijg_table(quality).ravel()) for quality in range(1, 101)}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in {".jpg", ".jpeg"}:
            continue
        try:
            with Image.open(path) as image:
                model = str(image.getexif().get(_MODEL, "")).strip("\0 ")
                tables = getattr(image, "quantization", {})
                sampling = JpegImagePlugin.get_sampling(image)
        except (OSError, ValueError, SyntaxError):
            continue
        if len(tables) < 2 or sampling not in SAMPLINGS or model in left_out:
            continue
        luma, chroma = (tuple(int(step) for step in tables[number]) for number in sorted(tables)[:2])
        # Steps above 8 bits cannot be written back; IJG's are drawn by quality anyway.
        if max(luma + chroma) <= 255 and luma not in ijg:
            yield luma, chroma, sampling


def main() -> None:
    """Print how many there are; write them where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--leave-out", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    left_out = frozenset(given.leave_out.read_text("utf-8").split("\n")) if given.leave_out else frozenset()
    rows = sorted(set(tables_of(given.folder, left_out - {""})), key=lambda row: (sum(row[0]), row))
    print(f"{len(rows)} distinct pairs of tables")
    if given.write:
        _STORED.write_text(json.dumps(rows, separators=(",", ":")).replace("],[[", "],\n[[") + "\n", "utf-8")


if __name__ == "__main__":
    main()
