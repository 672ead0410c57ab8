"""Where a dataset is: a published one by its name, however it was unpacked; the user's own by its path."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets import DATASETS, find_folder, find_json, find_table
from tamperlens.errors import DatasetError, UnknownNameError

# Name of the unpacked archive's folder in lower-case letters and digits; otherwise the dataset's name.
_UNPACKED = {
    "casia1": r"casiav?10?(dataset)?",
    "casia2": r"casiav?20?(revised|dataset)?",
    "columbia": r"columbia(uncompressed\w*)?|imsplicedataset",
    "comofod": r"comofod(small(v2)?)?",
    "nist16": r"nist(20)?16|nc2016(test0613)?",
}
_OWN: dict[str, Callable[[Path], list[Sample]]] = {".csv": find_table, ".json": find_json}


def find_samples(dataset: str, root: Path | None = None) -> list[Sample]:
    """List a dataset's samples in a fixed order, authentic ones first.

    Args:
        dataset: key of `DATASETS`; or the path of the user's own: a folder, a CSV or a JSON file, see
            `find_folder`, `find_table` and `find_json`.
        root: for a published one, its folder or a folder that holds it, under its name or as unpacked.

    Raises:
        UnknownNameError: no such dataset, and no such path.
        DatasetError: the folder is missing, not laid out as published, or the user's own dataset is faulty.
    """
    if dataset in DATASETS:
        if root is None:
            raise DatasetError(f"{dataset} is a published dataset: give its folder with --data")
        return _published(dataset, root)
    path = Path(dataset)
    if not path.exists():
        kinds = "folder, CSV or JSON file"
        raise UnknownNameError(f"dataset, {kinds}", dataset, DATASETS)
    return _own(path)


def dataset_name(dataset: str) -> str:
    """Its name in tables: that of a published dataset, or of the user's file or folder."""
    return dataset if dataset in DATASETS else Path(dataset).resolve().stem


def published_in(root: Path) -> dict[str, Path]:
    """Published datasets in a folder, by the names of its subfolders: key of `DATASETS` → folder."""
    found = {name: next(_named(name, root), None) for name in DATASETS}
    return {name: folder for name, folder in found.items() if folder}


def _published(dataset: str, root: Path) -> list[Sample]:
    """The samples of the first folder that is laid out as published."""
    first: DatasetError | None = None
    for folder in (*_named(dataset, root), root):
        try:
            return DATASETS[dataset](folder)
        except DatasetError as error:
            first = first or error
    raise DatasetError(f"{dataset}: {first}") from first


def _named(dataset: str, root: Path) -> Iterator[Path]:
    """`root`, and folders in it, that are named like the dataset, each followed by its subfolders."""
    if (root / dataset).is_dir():
        yield root / dataset
    for folder in (root, *_folders(root)):
        if _is_named(dataset, folder):
            yield from (folder, *_folders(folder))


def _is_named(dataset: str, folder: Path) -> bool:
    name = re.sub(r"[^a-z0-9]", "", folder.resolve().name.lower())
    return re.fullmatch(_UNPACKED.get(dataset, dataset), name) is not None


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.iterdir() if path.is_dir()) if root.is_dir() else []


def _own(path: Path) -> list[Sample]:
    if path.is_dir():
        for name in DATASETS:
            if _is_named(name, path):
                return _published(name, path)
        return find_folder(path)
    if path.suffix.lower() not in _OWN:
        raise DatasetError(f"{path} is not a dataset: give a folder, a CSV or a JSON file")
    return _OWN[path.suffix.lower()](path)
