"""Face manipulations: find faces, make swapped and re-enacted ones, train on them, measure.

    python benchmarks/cards/faces.py gather --photos DIR … --out FACES   # needs facenet-pytorch
    python benchmarks/cards/faces.py make FACES --out TREE [--fresh FACES] [--n 200]
    python benchmarks/cards/faces.py train FACES --runs DIR [--samples 4800] [--start best.pt]
    python benchmarks/cards/faces.py measure TREE [--weights DIR/unet-faces]

`gather` writes photographs with their faces as outlines, found by MTCNN; `make` writes forgeries of held-out
photographs, and of all of those that no weight was trained on (`--fresh`), and their authentic twins in the
layout of FaceForensics++, so that what is measured on it can be measured on the real one by the same command;
`train` goes on from the shipped U-Net, or from a run's weights, on faces alone; `measure` evaluates the
shipped localizer, and with --weights the trained one. No real manipulated video is here: the figures say how
well faces made this way are found, not how well deepfakes are.
"""

import argparse
import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image

from tamperlens.data import find_samples
from tamperlens.data.datasets._folders import IMAGE_SUFFIXES
from tamperlens.data.synthesis import PhotoPool
from tamperlens.data.synthesis._faces import FaceStream
from tamperlens.evaluation import evaluate_judge, localization_table, localizer_judge
from tamperlens.evidence import load_evidence
from tamperlens.examine import load_weight
from tamperlens.examine.networks._localizer import PixelLocalizer
from tamperlens.examine.networks._weights import WEIGHTS_DIRECTORY
from tamperlens.models import MODELS
from tamperlens.training import LOSSES, LocalizerRecipe
from tamperlens.training._device import choose_device
from tamperlens.training._export import export_onnx
from tamperlens.training._forged import validation_images
from tamperlens.training._localizer_task import fit_localizer
from tamperlens.training._shipped import load_shipped

ROOT = Path(__file__).parents[2]
# As of 56 pixels a face has features; MTCNN's own confidence above .99 leaves hardly any that is none.
LEAST_FACE, CONFIDENCE, WORKING_SIDE = 56, 0.99, 640
SHARES = {"authentic": 0.3, "splicing": 0.45, "retouching": 0.25}  # swapped, re-enacted
METHODS = {"splicing": "FaceSwap", "retouching": "Face2Face"}
SIDE, NAME = 256, "unet-faces"
# Samples from which the batch normalisations of the shipped weight are told what they receive.
STATISTICS = 64


def gather(options: argparse.Namespace) -> None:
    """Copy the photographs that hold faces, and draw an ellipse for each."""
    detect = _detector()
    for folder in ("images", "instances"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    paths = [
        p
        for folder in options.photos
        for p in sorted(folder.rglob("*"))
        if p.suffix.lower() in IMAGE_SUFFIXES
    ]
    count = 0
    for path in paths:
        if path.parent.name in {"masks", "instances"}:
            continue
        photo = Image.open(path).convert("RGB")
        faces = [box for box in detect(photo) if box[3] - box[1] >= LEAST_FACE]
        if faces:
            count += 1
            photo.save(options.out / "images" / f"{path.stem}.png")
            Image.fromarray(_ellipses(faces, photo.size)).save(options.out / "instances" / f"{path.stem}.png")
    print(f"{count} of {len(paths)} photographs hold faces")


def _detector():
    """(photograph) → boxes left, top, right, bottom; MTCNN, whose weights lie in its package."""
    # tamperlens.models made torchvision importable beside a torch without its operators.
    import torchvision.extension  # noqa: PLC0415
    from torchvision.ops import boxes  # noqa: PLC0415

    torchvision.extension._assert_has_ops = boxes._assert_has_ops = lambda: None
    library = torch.library.Library("torchvision", "IMPL")
    library.impl("nms", _suppress, "CPU")
    from facenet_pytorch import MTCNN  # noqa: PLC0415

    network = MTCNN(keep_all=True, min_face_size=LEAST_FACE * 3 // 4)

    def detect(photo: Image.Image) -> list[list[int]]:
        shrink = max(1.0, max(photo.size) / WORKING_SIDE)
        small = photo.resize((round(photo.width / shrink), round(photo.height / shrink)))
        with torch.no_grad():
            found, confidence = network.detect(small)
        if found is None:
            return []
        sure = np.asarray(found, float)[np.asarray(confidence, float) > CONFIDENCE]
        return (sure * shrink).round().astype(int).tolist()

    detect.keep = library  # registered as long as it lives
    return detect


def _suppress(boxes: torch.Tensor, scores: torch.Tensor, threshold: float) -> torch.Tensor:
    """Non-maximum suppression, for torchvision's own may not be here."""
    order, kept = scores.argsort(descending=True), []
    while len(order):
        first, rest = order[0], order[1:]
        kept.append(int(first))
        corners = (
            torch.maximum(boxes[first, :2], boxes[rest, :2]),
            torch.minimum(boxes[first, 2:], boxes[rest, 2:]),
        )
        shared = (corners[1] - corners[0]).clamp(min=0).prod(1)
        areas = (boxes[:, 2:] - boxes[:, :2]).prod(1)
        order = rest[shared / (areas[first] + areas[rest] - shared) <= threshold]
    return torch.tensor(kept, dtype=torch.long)


def _ellipses(faces: list[list[int]], size: tuple[int, int]) -> np.ndarray:
    levels = np.zeros(size[::-1], np.uint8)
    for number, (left, top, right, bottom) in enumerate(faces[:250], start=1):
        centre, half = (
            ((left + right) // 2, (top + bottom) // 2),
            ((right - left) * 45 // 100, (bottom - top) // 2),
        )
        cv2.ellipse(levels, centre, half, 0, 0, 360, number, -1)
    return levels


def make(options: argparse.Namespace) -> None:
    """Twins of held-out photographs, in FaceForensics++'s layout."""
    pool = PhotoPool([options.faces], held_out=True)
    if options.fresh:
        pool = PhotoPool([options.fresh], held_out=None).joined(pool)
    stream = FaceStream(
        pool,
        SIDE,
        1_000_000,
        {k: v for k, v in SHARES.items() if k != "authentic"},
    )
    for number in range(options.n):
        forged, authentic = stream.twins(number)
        clip, method = f"{number:03d}_{number:03d}", METHODS[forged.kind]
        base = options.out / "manipulated_sequences" / method
        _write(options.out / "original_sequences/youtube/c23/images" / f"{number:03d}", authentic.file)
        _write(base / "c23/images" / clip, forged.file)
        mask = base / "masks/images" / clip
        mask.mkdir(parents=True, exist_ok=True)
        Image.fromarray(forged.mask).save(mask / "0000.png")


def _write(folder: Path, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ("0000.png" if data.startswith(b"\x89PNG") else "0000.jpg")).write_bytes(data)


def train(options: argparse.Namespace) -> None:
    """Go on from a U-Net's weights, on faces alone."""
    shipped = load_weight("unet-localizer")
    base = LocalizerRecipe.model_validate(shipped.training["recipe"])
    faster = base.optimizer.model_copy(
        update={"learning_rate": 2e-4, "warmup_samples": 400, "decay_share": 0.5}
    )
    loop = base.loop.model_copy(update={"samples": options.samples, "validate_every": options.samples // 4})
    recipe = base.model_copy(update={"name": NAME, "optimizer": faster, "loop": loop})
    settings, run = recipe.input.settings(), options.runs / NAME
    stream = FaceStream(PhotoPool([options.faces]), recipe.synthesis.side, 0, SHARES)
    held = FaceStream(PhotoPool([options.faces], held_out=True), recipe.synthesis.side, 2_000_000, SHARES)
    model = MODELS["unet-localizer"](channels=settings.channels, encoder=recipe.model["encoder"])
    if options.start:
        model.load_state_dict(torch.load(options.start, map_location="cpu", weights_only=True))
    else:
        inputs = torch.stack([torch.from_numpy(settings(stream[i].pixels)) for i in range(STATISTICS)])
        load_shipped(model, shipped.model, inputs[:1], inputs.split(8))
    validation = {"faces": validation_images(held, settings, 96)}
    torch.manual_seed(0)
    model = fit_localizer(
        model,
        LOSSES["unet-localizer"],
        stream,
        validation,
        recipe,
        run,
        choose_device("auto"),
        lambda f: print(json.dumps(f), flush=True),
    )
    path = run / f"{NAME}.onnx"
    export_onnx(model, settings.channels, recipe.synthesis.side, path, multiple=32, half=True)
    manifest = json.loads((WEIGHTS_DIRECTORY / "unet-localizer.json").read_text(encoding="utf-8"))
    manifest |= {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    manifest["features"]["mask_threshold"] = (
        0.5  # not calibrated: figures at 0.5, best, and without threshold
    )
    (run / f"{NAME}.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def measure(options: argparse.Namespace) -> None:
    """Evaluate on a tree in FaceForensics++'s layout."""
    samples = find_samples("faceforensics", options.tree)
    weights = {"unet-localizer": load_weight("unet-localizer")}
    if options.weights:
        weights[NAME] = replace(load_weight(options.weights.name, options.weights), name=NAME)
    judges = [localizer_judge(PixelLocalizer(one)) for one in weights.values()]
    results = [evaluate_judge(one, samples, "made faces") for one in judges]
    print(localization_table(results))
    marked = {name: marked_faces(PixelLocalizer(weight), options.tree) for name, weight in weights.items()}
    for name, (forged, untouched) in marked.items():
        print(f"{name}: marks {forged:.1%} of the changed faces' area, {untouched:.1%} of it in their twins")
    content = json.dumps(
        {"figures": [result.to_json() for result in results], "marked, changed and untouched": marked},
        indent=1,
    )
    (ROOT / "benchmarks/results/faces.json").write_text(content + "\n", encoding="utf-8")


def marked_faces(detector: PixelLocalizer, tree: Path) -> tuple[float, float]:
    """Share of each changed face that is marked, and of the same place in its untouched twin.

    All that is forged here is a face: a network that only finds faces would have a high F1 too, and mark
    both.
    """
    shares = []
    for mask_path in sorted((tree / "manipulated_sequences").glob("*/masks/images/*/0000.png")):
        clip, method = mask_path.parent.name, mask_path.parents[3]
        mask = np.asarray(Image.open(mask_path)) > 0
        folders = (
            method / "c23/images" / clip,
            tree / "original_sequences/youtube/c23/images" / clip.partition("_")[0],
        )
        maps = [detector.localize(load_evidence(next(folder.iterdir()))).probabilities for folder in folders]
        shares.append([float((one[mask] >= detector.mask_threshold(one)).mean()) for one in maps])
    forged, untouched = np.mean(shares, axis=0)
    return float(forged), float(untouched)


def main() -> None:
    """One of the four."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("gather")
    verb.add_argument("--photos", type=Path, nargs="+", required=True)
    verb.add_argument("--out", type=Path, required=True)
    verb.set_defaults(work=gather)
    verb = verbs.add_parser("make")
    verb.add_argument("faces", type=Path)
    verb.add_argument("--out", type=Path, required=True)
    verb.add_argument("--fresh", type=Path, help="faces of photographs that no weight was trained on")
    verb.add_argument("--n", type=int, default=200)
    verb.set_defaults(work=make)
    verb = verbs.add_parser("train")
    verb.add_argument("faces", type=Path)
    verb.add_argument("--start", type=Path, help="weights of a run; the shipped ones without")
    verb.add_argument("--runs", type=Path, default=Path("runs"))
    verb.add_argument("--samples", type=int, default=4800)
    verb.set_defaults(work=train)
    verb = verbs.add_parser("measure")
    verb.add_argument("tree", type=Path)
    verb.add_argument("--weights", type=Path)
    verb.set_defaults(work=measure)
    options = parser.parse_args()
    options.work(options)


if __name__ == "__main__":
    sys.exit(main())
