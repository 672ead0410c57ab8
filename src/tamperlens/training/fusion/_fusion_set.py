"""Images that the fusion is fitted to: forged twins and untouched photographs, measured once and kept."""

import io
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import torch
from PIL import Image

from tamperlens.data.synthesis import (
    DEFAULT_SHARES,
    ForgeryStream,
    Hardness,
    PhotoPool,
    TinyAutoencoder,
    draw_camera,
    look_alike,
)
from tamperlens.evidence import load_evidence
from tamperlens.examine import LOCALIZERS, load_weight
from tamperlens.training.fusion._fusion_image import (
    FusionImage,
    Made,
    Origin,
    localize_image,
    measure_image,
    read_image,
)
from tamperlens.training.fusion._fusion_recipe import FusionRecipe
from tamperlens.training.fusion._fusion_sources import Part, Sources, whole_name
from tamperlens.training.fusion._fusion_tasks import FITTED, Kind, Task, tasks_of

# Pixels by which a photograph is larger than what is made from it.
_ROOM = 8
# Pixel ranges to which a large photograph is reduced, for its second, third, … image in turn: any size, then
# one in each band of the thresholds.
_SMALLER = ((200_000, 10**12), (150_000, 500_000), (500_000, 2_000_000))
# Shorter side in pixels of a photograph that serves as a scene.
_LEAST_SCENE = 400
# Pixels of the smallest camera.
_LEAST_SHOT = 640 * 480
_STATE: dict[str, Any] = {}
Advance = Callable[[int, int], None]


def measured_files(
    recipe: FusionRecipe,
    sources: Sources,
    folder: Path,
    workers: int = 2,
    advance: Advance = lambda _done, _total: None,
) -> Iterator[Path]:
    """Make the set and measure its traces, for which no localizer is needed.

    Args:
        recipe: settings.
        sources: photographs and weights.
        folder: where measured images are kept; existing ones are not made again.
        workers: number of processes.
        advance: called after each task with (tasks done since the last call, tasks in all).

    Yields:
        Each image's file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # The most expensive first, so that no worker is left with one at the end.
    tasks = sorted(tasks_of(recipe, sources), key=lambda task: -task.cost)
    with ProcessPoolExecutor(workers, initializer=_open, initargs=(recipe, sources, folder)) as pool:
        for paths in pool.map(_make, tasks, chunksize=1):
            advance(1, len(tasks))
            yield from paths


def measured_set(
    recipe: FusionRecipe,
    sources: Sources,
    folder: Path,
    workers: int = 2,
    advance: Advance = lambda _done, _total: None,
) -> Iterator[FusionImage]:
    """The set as seen by the recipe's localizer and every trace.

    Args:
        recipe: settings.
        sources: photographs and weights.
        folder: where `measured/` is kept, and `HASH/` with the results of the weight with that hash.
        workers: number of processes.
        advance: as for `measured_files`, twice.
    """
    files = list(measured_files(recipe, sources, folder / "measured", workers, advance))
    weight = load_weight(recipe.localizer, sources.weights)
    said = folder / weight.sha256[:16]
    said.mkdir(exist_ok=True)
    with ProcessPoolExecutor(workers, initializer=_ask, initargs=(recipe, sources, said)) as pool:
        for measured, localized in zip(files, pool.map(_localize, files, chunksize=4), strict=True):
            advance(1, len(files))
            yield read_image(measured, localized, recipe.localizer)


def _open(recipe: FusionRecipe, sources: Sources, folder: Path) -> None:
    cv2.setNumThreads(0)
    torch.set_num_threads(1)
    generator = TinyAutoencoder(sources.generator) if sources.generator else None
    _STATE.update(recipe=recipe, sources=sources, folder=folder, generator=generator, pools={})


def _ask(recipe: FusionRecipe, sources: Sources, folder: Path) -> None:
    cv2.setNumThreads(0)
    detector = LOCALIZERS[recipe.localizer](load_weight(recipe.localizer, sources.weights), threads=1)
    _STATE.update(detector=detector, folder=folder)


def _localize(measured: Path) -> Path:
    path: Path = _STATE["folder"] / measured.name
    if not path.exists():
        localize_image(measured, _STATE["detector"], path)
    return path


def _make(task: Task) -> list[Path]:
    name = "-".join(map(str, (_STATE["recipe"].seed, *task)))
    paths = [_STATE["folder"] / f"{name}-{i}.npz" for i in range(2 if task.side else 1)]
    if all(path.exists() for path in paths):
        return paths
    for path, one in zip(paths, _MAKERS[task.kind](task), strict=True):
        evidence = load_evidence(one.file)
        mask = np.zeros((evidence.height, evidence.width), bool) if one.mask is None else one.mask
        measure_image(evidence, mask, task.part, one, path)
    return paths


def _pool(least_side: int, part: Part) -> PhotoPool:
    """Photographs of one part; 0 for the whole ones with many pixels."""
    pools: dict[tuple[int, str], PhotoPool] = _STATE["pools"]
    sources, seed = _STATE["sources"], _STATE["recipe"].seed
    if (least_side, part) not in pools:
        pool = sources.pool(least_side) if least_side else sources.large_pool()
        pools[least_side, part] = pool.chosen(lambda path: sources.part(path.stem, seed) == part)
    return pools[least_side, part]


def _rng(task: Task) -> np.random.Generator:
    return np.random.default_rng([_STATE["recipe"].seed, 6_000_000, *task.seeds])


def _twins(task: Task) -> list[Made]:
    seed = int(_rng(task._replace(number=0)).integers(2**31))
    pool, donors = _pool(task.side + _ROOM, task.part), _pool(200, task.part)
    origin = cast(Origin, task.kind)
    special = {name: float(origin == name) for name in ("kept", "resaved")}
    hard = Hardness(**_STATE["recipe"].hardness.model_dump(), **special)
    stream = ForgeryStream(pool, task.side, seed, DEFAULT_SHARES, _STATE["generator"], hard, donors)
    return [
        Made(one.file, origin, whole_name(one.sources[0]), one.kind, one.mask)
        for one in stream.twins(task.number)
    ]


def _untouched(task: Task) -> list[Made]:
    """A whole photograph, perhaps reduced, saved once or taken by a made camera."""
    rng, pool = _rng(task), _pool(200, task.part)
    order = _rng(task._replace(number=0)).permutation(len(pool))  # none twice before all have been used
    index = int(order[task.number % len(pool)])
    path, shot = pool.paths[index], rng.random() < 0.5
    scale = 1.0 if rng.random() < 0.5 else float(rng.uniform(0.35, 1))
    if shot and path.suffix.lower() != ".png":
        # With traces of an earlier compression, a made camera's file would be one that was saved twice.
        scale = min(scale, 0.65)
    image = _smaller(Image.fromarray(pool.load(index).pixels), scale)
    shot = shot and image.width * image.height >= _LEAST_SHOT
    return [_saved(image, rng, shot, whole_name(path.stem))]


def _look_alike(task: Task) -> list[Made]:
    """A made camera's photograph of a scene that contains something twice."""
    rng, pool = _rng(task), _pool(_LEAST_SCENE, task.part)
    index = int(rng.integers(len(pool)))
    photo = pool.load(index)
    side = min(photo.pixels.shape[:2])
    outline = photo.outline(1)[:side, :side] if photo.objects is not None else None
    scene = look_alike(rng, photo.pixels[:side, :side], outline)
    return [Made(draw_camera(rng).shoot(scene), "look-alikes", whole_name(pool.paths[index].stem))]


def _large(task: Task) -> list[Made]:
    """A whole photograph with many pixels, as if taken by a camera.

    At its own size first if a threshold or its test needs it, then at smaller sizes.
    """
    rng, pool = _rng(task), _pool(0, task.part)
    index, again = task.number % len(pool), task.number // len(pool)
    image = Image.fromarray(pool.load(index).pixels)
    if again or task.part in FITTED:
        pixels = image.width * image.height
        least, most = (min(bound, pixels) for bound in _SMALLER[max(again - 1, 0) % len(_SMALLER)])
        share = np.exp(rng.uniform(np.log(least), np.log(most))) / pixels
        image = _smaller(image, float(np.sqrt(min(share, 1.0))))
    return [_saved(image, rng, rng.random() < 0.8, whole_name(pool.paths[index].stem))]


def _original(task: Task) -> list[Made]:
    """A camera's own file, and others of the same scene, much reduced and saved once."""
    rng, (recipe, sources) = _rng(task), (_STATE["recipe"], _STATE["sources"])
    scenes = {
        scene: paths
        for scene, paths in sources.scenes().items()
        if sources.part(scene, recipe.seed) == task.part
    }
    scene, again = list(scenes)[task.number % len(scenes)], task.number // len(scenes)
    data = scenes[scene][again * len(scenes[scene]) // recipe.originals].read_bytes()
    if not again:
        return [Made(data, "camera", scene)]
    image = Image.fromarray(load_evidence(data).pixels)
    return [_saved(_smaller(image, float(rng.uniform(0.15, 0.45))), rng, False, scene)]


def _smaller(image: Image.Image, scale: float) -> Image.Image:
    if scale == 1:
        return image
    return image.resize([max(200, round(s * scale)) for s in image.size], Image.Resampling.LANCZOS)


def _saved(image: Image.Image, rng: np.random.Generator, shot: bool, photo: str) -> Made:
    if shot:
        return Made(draw_camera(rng).shoot(np.asarray(image)), "camera", photo)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=int(rng.integers(75, 100)), subsampling=int(rng.choice([0, 2])))
    return Made(buffer.getvalue(), "untouched", photo)


_MAKERS: Mapping[Kind, Callable[[Task], list[Made]]] = {
    "twins": _twins, "kept": _twins, "resaved": _twins, "untouched": _untouched, "large": _large,
    "original": _original, "look-alike": _look_alike,
}  # fmt: skip
