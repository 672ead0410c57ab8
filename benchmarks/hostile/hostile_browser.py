"""Which damaged files a browser shows that the evidence reader calls damaged.

    python benchmarks/hostile/hostile_browser.py --parts 2800 [--browser chromium]

The files are those of hostile_parts.py, but for TIFF and HEIC, which browsers do not read. Those that come to
a DamagedImageError are put into a page; the browser draws each on a canvas and names those that show more
than one colour.
"""

import argparse
import base64
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from hostile_parts import part_mutations

from tamperlens.errors import DamagedImageError, EvidenceError
from tamperlens.evidence import Limits, load_evidence

KINDS = ("jpeg", "png", "gif", "webp", "avif")
# Files that are shown in one page.
PAGE = 1000
SCRIPT = """
<script>onload = () => {
  const shown = [];
  for (const image of document.images) {
    if (!image.naturalWidth) continue;
    const canvas = document.createElement('canvas');
    canvas.width = Math.min(image.naturalWidth, 300); canvas.height = Math.min(image.naturalHeight, 300);
    const context = canvas.getContext('2d');
    try {
      context.drawImage(image, 0, 0);
      const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
      if (data.some((value, i) => i % 4 === 0 && value !== data[0] && data[i + 3])) shown.push(image.name);
    } catch (error) { continue; }
  }
  document.body.innerHTML = '<pre>' + shown.join(' ') + ' END</pre>';
};</script>"""


def called_damaged(count: int, seed: int) -> dict[str, tuple[bytes, str]]:
    """Name → bytes and sentence."""
    found = {}
    for name, data in part_mutations(0, count, seed):
        if "heic" in name or "tiff" in name:
            continue
        try:
            load_evidence(data, Limits(max_pixels=12_000_000))
        except DamagedImageError as error:
            found[name] = (data, str(error))
        except EvidenceError:
            continue
    return found


def shown_by(browser: str, files: dict[str, bytes]) -> list[str]:
    """Names of those that a browser shows."""
    pictures = "".join(
        f'<img name="{name}" src="data:image/{next(kind for kind in KINDS if kind in name)};base64,'
        f'{base64.b64encode(data).decode()}">'
        for name, data in files.items()
    )
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(f"<!doctype html><body>{pictures}{SCRIPT}", encoding="utf-8")
        command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000"]
        done = subprocess.run(
            [*command, "--dump-dom", page.as_uri()], capture_output=True, check=True, text=True
        )
    said = re.search(r"<pre>(.*) END</pre>", done.stdout, re.DOTALL)
    if said is None:
        raise SystemExit("the browser gave no answer")
    return said[1].split()


def main() -> None:
    """Compare, and print what differs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--browser", default="chromium")
    options = parser.parse_args()
    damaged = called_damaged(options.parts, options.seed)
    names, shown = list(damaged), []
    for first in range(0, len(names), PAGE):
        shown += shown_by(options.browser, {name: damaged[name][0] for name in names[first : first + PAGE]})
    print(
        json.dumps({"files": options.parts, "called damaged": len(damaged), "shown all the same": len(shown)})
    )
    for name in shown:
        print(f"{name}: {damaged[name][1]}", file=sys.stderr)


if __name__ == "__main__":
    main()
