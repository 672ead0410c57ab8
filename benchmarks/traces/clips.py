"""Clips that are forged for a part of their time: do the frames' scores and the consistency flag tell?

    python benchmarks/traces/clips.py --photos DIR --objects DIR [--clips 12]
        [--json benchmarks/results/clips.json]

A camera pans over a photograph (`--photos`, best such that no weight was trained on) with grain of its own in
each frame; from a third to two thirds of the time an object of another photograph (`--objects`, with
outlines) lies in the scene, pasted as the forgeries on demand are. Each clip has an untouched twin with the
same grain. Both are coded as H.264 and examined as `tamperlens examine CLIP.mp4 --frames 12` does.
`--clips 1` is the short form.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.metrics import roc_auc_score

from tamperlens.data.synthesis import PhotoPool
from tamperlens.data.synthesis._pasting import Donor, splice
from tamperlens.data.synthesis._photos import Photo
from tamperlens.examine import Examiner
from tamperlens.video import ClipFinding, examine_clip, read_clip

Pixels = NDArray[np.uint8]
SIDE, HEIGHT, WIDTH, FRAMES, RATE = 384, 256, 320, 60, 10
FORGED, SAMPLED, GRAIN, QUALITY = range(20, 40), 12, 1.5, "20"


def scene(rng: np.random.Generator, photos: PhotoPool, objects: PhotoPool) -> tuple[Pixels, Pixels, int]:
    """A square of a photograph, the same with an object in it, and the row from which the camera looks."""
    whole = photos.load(int(rng.integers(len(photos)))).pixels
    top, left = (int(rng.integers(size - SIDE + 1)) for size in whole.shape[:2])
    base = np.ascontiguousarray(whole[top : top + SIDE, left : left + SIDE])
    forged, mask = splice(rng, base, donor(objects.load(int(rng.choice(objects.with_outlines)))))
    middle = int(np.argwhere(mask).mean(axis=0)[0])
    return base, forged, int(np.clip(middle - HEIGHT // 2, 0, SIDE - HEIGHT))


def donor(photo: Photo) -> Donor:
    """The middle square of a photograph with the outline of its object."""
    side = min(photo.pixels.shape[:2])
    top, left = ((size - side) // 2 for size in photo.pixels.shape[:2])
    square = np.s_[top : top + side, left : left + side]
    pixels = Image.fromarray(photo.pixels[square]).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    if photo.objects is None:
        return Donor(np.asarray(pixels), None)
    outline = Image.fromarray(photo.objects[square] > 0).resize((SIDE, SIDE), Image.Resampling.NEAREST)
    return Donor(np.asarray(pixels), np.asarray(outline))


def pan(untouched: Pixels, forged: Pixels, top: int, seed: int) -> Iterator[Pixels]:
    """Frames of the camera's way; `forged` shows in the middle third."""
    rng = np.random.default_rng(seed)
    for number in range(FRAMES):
        left = (SIDE - WIDTH) * number // (FRAMES - 1)
        shown = forged if number in FORGED else untouched
        part = shown[top : top + HEIGHT, left : left + WIDTH]
        yield np.clip(np.rint(part + rng.normal(0, GRAIN, part.shape)), 0, 255).astype(np.uint8)


def write_clip(path: Path, frames: Iterator[Pixels]) -> None:
    """Code frames as H.264."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": QUALITY})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())


def examined(path: Path, frames: Iterator[Pixels], examiner: Examiner) -> ClipFinding:
    write_clip(path, frames)
    return examine_clip(read_clip(path, SAMPLED), partial(examiner.examine))


def is_forged(time: float) -> bool:
    return round(time * RATE) in FORGED


def at_the_border(found: ClipFinding) -> bool:
    """Whether a jump lies between an untouched and a forged frame."""
    forged = {frame.number: is_forged(frame.time) for frame in found.frames}
    return any(forged[jump.first] != forged[jump.second] for jump in found.jumps)


def row(forged: ClipFinding, twin: ClipFinding) -> dict[str, Any]:
    """What the figures need of a clip and its twin."""
    return {
        "forged": [is_forged(frame.time) for frame in forged.frames],
        "scores": [round(frame.score, 4) for frame in forged.frames],
        "twin's scores": [round(frame.score, 4) for frame in twin.frames],
        "inconsistent": [frame.outcome == "inconsistent" for frame in forged.frames],
        "twin inconsistent": [frame.outcome == "inconsistent" for frame in twin.frames],
        "jumping": forged.steadiness == "jumping",
        "jumping at the border": at_the_border(forged),
        "twin jumping": twin.steadiness == "jumping",
        "twin jumping there": at_the_border(twin),
    }


def figures(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Shares and areas under the curve, over all clips."""

    def joined(name: str) -> NDArray[np.float64]:
        return np.array([value for one in rows for value in one[name]], float)

    forged, scores, twins = joined("forged").astype(bool), joined("scores"), joined("twin's scores")
    marked, twin_marked = joined("inconsistent"), joined("twin inconsistent")
    against_twin = np.r_[scores[forged], twins[forged]]
    said = {
        "AUC of a frame's score, forged against untouched frames of the clips": roc_auc_score(forged, scores),
        "the same within a clip, mean": np.mean([roc_auc_score(r["forged"], r["scores"]) for r in rows]),
        "AUC, forged frames against the twin's at the same time": roc_auc_score(
            np.repeat([1, 0], forged.sum()), against_twin
        ),
        "forged frames called inconsistent": marked[forged].mean(),
        "untouched frames of the same clips called inconsistent": marked[~forged].mean(),
        "frames of untouched clips called inconsistent": twin_marked.mean(),
    }
    said |= {
        f"clips, {name}": np.mean([one[name] for one in rows])
        for name in ("jumping", "jumping at the border", "twin jumping", "twin jumping there")
    }
    return {name: round(float(value), 3) for name, value in said.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=Path, action="append", required=True)
    parser.add_argument("--objects", type=Path, action="append", required=True)
    parser.add_argument("--clips", type=int, default=12)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    photos = PhotoPool(options.photos, held_out=None, least_side=SIDE)
    objects, examiner = PhotoPool(options.objects, held_out=True), Examiner(threads=1)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.clips):
            base, forged, top = scene(np.random.default_rng(seed), photos, objects)
            found = [
                examined(Path(folder) / "clip.mp4", pan(base, shown, top, seed), examiner)
                for shown in (forged, base)
            ]
            rows.append(row(*found))
            print(json.dumps(rows[-1]), flush=True)
    report = {"clips": len(rows), "frames examined of each": SAMPLED, **figures(rows), "rows": rows}
    print(json.dumps(figures(rows), indent=2))
    if options.json:
        options.json.write_text(json.dumps(report) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
