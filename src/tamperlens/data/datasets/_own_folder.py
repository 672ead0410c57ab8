"""The user's own folder: altered images, their masks and untouched images in folders with usual names."""

from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import IMAGE_SUFFIXES
from tamperlens.errors import DatasetError

# Part → names of its folder, in lower case without spaces, dashes and underscores.
_PARTS = {
    "tampered": ("tampered", "forged", "fake", "manipulated", "altered", "tp", "images", "image", "img"),
    "masks": ("masks", "mask", "groundtruth", "gt"),
    "authentic": ("authentic", "original", "originals", "pristine", "real", "untouched", "au"),
}
_ENDINGS = ("_mask", "_gt", "-mask", "-gt")
LAYOUT = "your own folder needs images/, masks/ and, for untouched images, authentic/"


def find_folder(root: Path) -> list[Sample]:
    """List a folder's images, authentic ones first, each part sorted by path.

    An untouched image and an altered one with the same name count as twins: they share a source. Folders
    inside the folder of altered images name the kind.

    Args:
        root: folder with a folder of altered images (`images`, `tampered`, …) and, if any, one of masks with
            the same names (`masks`, `gt`, …) and one of untouched images (`authentic`, `real`, …).

    Raises:
        DatasetError: no such folder holds an image, or an image has two masks.
    """
    parts = {name: _part(root, names) for name, names in _PARTS.items()}
    masks = _masks(parts["masks"])
    authentic = [
        Sample(path, False, "authentic", frozenset({key})) for key, path in _keyed(parts["authentic"])
    ]
    tampered = [
        Sample(path, True, _kind(key), frozenset({key}), masks.get(key))
        for key, path in _keyed(parts["tampered"])
    ]
    if not authentic and not tampered:
        raise DatasetError(f"{root} holds no images in folders of the names expected; {LAYOUT}")
    return authentic + tampered


def _part(root: Path, names: tuple[str, ...]) -> Path | None:
    """The folder in `root` whose name comes first among `names`."""
    folders = {_plain(path.name): path for path in sorted(root.iterdir()) if path.is_dir()}
    return next((folders[name] for name in names if name in folders), None)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _keyed(folder: Path | None) -> list[tuple[str, Path]]:
    """Images in a folder and below: their path within it without suffix, and the path."""
    if folder is None:
        return []
    found = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in IMAGE_SUFFIXES]
    return [(path.relative_to(folder).with_suffix("").as_posix(), path) for path in found]


def _masks(folder: Path | None) -> dict[str, Path]:
    masks: dict[str, Path] = {}
    for key, path in _keyed(folder):
        name = next((key.removesuffix(one) for one in _ENDINGS if key.endswith(one)), key)
        if name in masks:
            raise DatasetError(f"{masks[name]} and {path} are masks of one image; keep one of them")
        masks[name] = path
    return masks


def _kind(key: str) -> str:
    return key.split("/", maxsplit=1)[0] if "/" in key else "mixed"
