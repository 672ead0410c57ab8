"""Make the pictures of README and docs from real output: python docs/make_pictures.py.

Needs Chromium and pdftoppm (Debian: apt install chromium poppler-utils) for the screenshots. Those of the
workbench were taken by its story (`cd ui && npm run build && npx playwright test story`).
"""

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image
from rich.console import Console
from rich.text import Text

from tamperlens.evidence import load_evidence
from tamperlens.examine import Examiner, to_levels
from tamperlens.report import Paper, TitleBlock, write_pdf
from tamperlens.report.pictures import fitted, paint, preview, preview_size, reduced
from tamperlens.traces import LOOKED, MEASURED

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs/images"
STORY = ROOT / "ui/e2e/out/shots"
CHROMIUM = (
    "--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --hide-scrollbars"
)


def _reduced(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """A map as the report shows it."""
    return reduced(to_levels(values))


def screenshot(page: Path, target: Path, width: int, height: int) -> None:
    """Photograph a page."""
    browser = shutil.which("chromium") or sys.exit("chromium is not installed")
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [browser, *CHROMIUM.split(), f"--user-data-dir={profile}", f"--window-size={width},{height}",
             f"--screenshot={target}", page.as_uri()],
            check=True, capture_output=True,
        )  # fmt: skip
    Image.open(target).convert("RGB").quantize(160).save(target, optimize=True)


def terminal(command: list[str], target: Path) -> None:
    """Photograph what a command prints."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": "96", "TERM": "xterm-256color"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment, encoding="utf-8"
    )
    console = Console(record=True, width=96, file=io.StringIO(), force_terminal=True)
    console.print(Text("$ tamperlens " + " ".join(command[3:]), "bold"))
    console.print(Text.from_ansi(done.stdout))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "t.html"
        lines = len(done.stdout.splitlines())
        console.save_html(str(page))
        style = "<style>body{margin:18px;background:#fbfbfd;zoom:1.15} pre{font-size:15px}</style>"
        page.write_text(page.read_text(encoding="utf-8") + style, encoding="utf-8")
        screenshot(page, target, 1080, 80 + 24 * lines)


def first_page(photograph: Path, target: Path) -> None:
    """Photograph the first page of a report on paper."""
    title = TitleBlock(case="2026-17", exhibit="A-3", examiner="J. Doe", date="2026-11-30 10:15 +01:00")
    finding = Examiner().examine(load_evidence(photograph))
    with tempfile.TemporaryDirectory() as folder:
        written = write_pdf(finding, Path(folder), "p", paper=Paper(title=title))
        drawn = ["pdftoppm", "-r", "72", "-png", "-singlefile", str(written), str(target.with_suffix(""))]
        subprocess.run(drawn, check=True)


def enlarged_part() -> NDArray[np.uint8]:
    """A photograph with a part of itself, turned over and enlarged by 1.25, never saved as JPEG since."""
    scene = np.ascontiguousarray(skimage.data.coffee())
    other = Image.fromarray(scene[::-1, ::-1]).resize((750, 500), Image.Resampling.BICUBIC)
    scene[90:330, 130:400] = np.asarray(other)[90:330, 130:400]
    return scene


def workbench() -> None:
    """Copy the story's screenshots that the workbench's page shows."""
    page = (ROOT / "docs/workbench.md").read_text(encoding="utf-8")
    for name in re.findall(r"images/workbench/([\w-]+\.png)", page):
        if not (taken := STORY / name).is_file():
            sys.exit(f"{taken} is missing; the story takes it (see the head of this file)")
        image = Image.open(taken).convert("RGB")
        image.thumbnail((1200, 1200))
        image.quantize(256).save(IMAGES / "workbench" / name, optimize=True)


def main() -> None:
    """Write docs/images."""
    IMAGES.mkdir(exist_ok=True)
    evidence = load_evidence(ROOT / "examples/splice.jpg")
    preview(evidence.pixels).save(IMAGES / "splice.jpg", quality=88)
    for name, trace in LOOKED.items():
        paint(_reduced(trace.map(evidence))).save(IMAGES / f"trace-{name}.png", optimize=True)
    pixels = enlarged_part()
    beside = np.asarray(paint(_reduced(LOOKED["resampling"].whole(pixels))).convert("RGB"))
    both = np.concatenate([pixels, beside], axis=1)
    Image.fromarray(both).resize((840, 280)).save(IMAGES / "resampling.jpg", quality=88)
    for name, measured in MEASURED.items():
        size = preview_size(evidence.width, evidence.height)
        gray = fitted(to_levels(measured.measure(evidence).values), size)
        paint(gray).save(IMAGES / f"trace-{name}.png", optimize=True)
    shutil.copy(ROOT / "benchmarks/results/double-jpeg.png", IMAGES / "double-jpeg.png")
    shutil.copy(ROOT / "benchmarks/results/fusion/reliability.png", IMAGES / "fusion-reliability.png")
    photographs = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "examples").glob("*.jpg"))
    tool = [sys.executable, "-m", "tamperlens"]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [*tool, "examine", *photographs, "--out", folder], check=True, cwd=ROOT, capture_output=True
        )
        report = next(Path(folder).glob("copy-move-*.html"))
        screenshot(report, IMAGES / "answer.png", 1140, 850)
        screenshot(Path(folder) / "index.html", IMAGES / "folder.png", 1300, 900)
        screenshot(report, IMAGES / "answer-phone.png", 390, 1280)
    first_page(ROOT / "examples/copy-move.jpg", IMAGES / "paper.png")
    terminal([*tool, "examine", "examples/copy-move.jpg"], IMAGES / "terminal.png")
    workbench()


if __name__ == "__main__":
    main()
