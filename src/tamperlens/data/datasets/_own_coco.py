"""The user's own JSON file: COCO instances, or IMDL-BenCo's pairs of image and mask."""

from collections import defaultdict
from pathlib import Path

import msgspec

from tamperlens.data._outline import Outline, packed_runs
from tamperlens.data._sample import Sample
from tamperlens.errors import DatasetError


class _Image(msgspec.Struct):
    id: int | str
    file_name: str
    width: int
    height: int
    sources: list[str] = []


class _Runs(msgspec.Struct):
    size: tuple[int, int]
    counts: list[int] | str


class _Annotation(msgspec.Struct):
    image_id: int | str
    segmentation: list[list[float]] | _Runs
    category_id: int | None = None


class _Category(msgspec.Struct):
    id: int
    name: str


class _Coco(msgspec.Struct):
    images: list[_Image]
    annotations: list[_Annotation]
    categories: list[_Category] = []


def find_json(path: Path) -> list[Sample]:
    """List the images of a JSON file, authentic ones first, otherwise in file order.

    Args:
        path: COCO instances: annotated images are altered, others authentic, a category is a kind; an image
            may list `sources`. Or pairs `["a.jpg", "a_mask.png"]`, with `"Negative"` instead of a mask for
            authentic images. File names are relative to its folder; for COCO also to `images` in it.

    Raises:
        DatasetError: it is neither, or names a missing file.
    """
    try:
        content = msgspec.json.decode(path.read_bytes(), type=_Coco | list[tuple[str, str]])
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise DatasetError(
            f"{path} is neither a COCO file nor a list of image and mask pairs: {error}"
        ) from error
    samples = _of_pairs(path, content) if isinstance(content, list) else _of_coco(path, content)
    if not samples:
        raise DatasetError(f"{path} lists no images")
    return sorted(samples, key=lambda sample: sample.tampered)


def _of_pairs(path: Path, pairs: list[tuple[str, str]]) -> list[Sample]:
    samples = []
    for image, mask in pairs:
        file = _file(path, image)
        if mask == "Negative":
            samples.append(Sample(file, False, "authentic"))
        else:
            samples.append(Sample(file, True, "mixed", mask=_file(path, mask)))
    return samples


def _of_coco(path: Path, coco: _Coco) -> list[Sample]:
    marked: dict[int | str, list[_Annotation]] = defaultdict(list)
    for one in coco.annotations:
        marked[one.image_id].append(one)
    if strangers := set(marked) - {image.id for image in coco.images}:
        raise DatasetError(f"{path} annotates an image {min(map(str, strangers))} that it does not list")
    names = {one.id: one.name for one in coco.categories}
    return [_annotated(path, image, marked[image.id], names) for image in coco.images]


def _annotated(path: Path, image: _Image, marks: list[_Annotation], names: dict[int, str]) -> Sample:
    file, sources = _file(path, image.file_name), frozenset(image.sources)
    if not marks:
        return Sample(file, False, "authentic", sources)
    kinds = {names.get(one.category_id, "mixed") if one.category_id is not None else "mixed" for one in marks}
    try:
        outline = _outline(image, marks)
        fault = outline.fault()
    except ValueError as error:
        fault = f"has {error}"
    if fault:
        raise DatasetError(f"{path}: of {image.file_name} the outline {fault}")
    return Sample(file, True, kinds.pop() if len(kinds) == 1 else "mixed", sources, outline)


def _outline(image: _Image, marks: list[_Annotation]) -> Outline:
    shapes = [one.segmentation for one in marks]
    polygons = [tuple(polygon) for shape in shapes if isinstance(shape, list) for polygon in shape]
    runs = [shape.counts for shape in shapes if isinstance(shape, _Runs)]
    unpacked = [packed_runs(one) if isinstance(one, str) else tuple(one) for one in runs]
    return Outline(image.width, image.height, tuple(polygons), tuple(unpacked))


def _file(table: Path, name: str) -> Path:
    found = [folder / name for folder in (table.parent, table.parent / "images") if "\0" not in name]
    for path in found:
        if path.is_file():
            return path
    raise DatasetError(f"{table} names '{name}', which is not in its folder")
