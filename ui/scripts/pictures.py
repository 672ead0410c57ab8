"""Reduce the end-to-end test's screenshots to the guided tour's pictures: python ui/scripts/pictures.py."""

from pathlib import Path

from PIL import Image

UI = Path(__file__).parents[1]
SHOTS = UI / "e2e" / "out" / "shots"
PICTURES = UI.parent / "docs" / "images" / "workbench"
NAMES = (
    "set-up",
    "case-progress",
    "case",
    "viewer-overlay",
    "viewer-split",
    "viewer-three",
    "viewer-opinions",
    "viewer-conclusion",
    "report",
    "ledger",
)
WIDTH = 1200


def main() -> None:
    """Write each picture with a palette of its own, so that none is larger than 200 kB."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        shot = Image.open(SHOTS / f"{name}.png").convert("RGB")
        small = shot.resize((WIDTH, round(WIDTH * shot.height / shot.width)), Image.Resampling.LANCZOS)
        reduced = small.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        reduced.save(PICTURES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
