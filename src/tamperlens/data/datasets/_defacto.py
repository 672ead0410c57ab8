"""DEFACTO: about 105,000 splices, 19,000 copy-moves and 25,000 removals made from MS COCO, and faces.

Parts can be downloaded separately: `copymove_img/img/0_000000000071.tif` with
`copymove_annotations/probe_mask/0_000000000071.jpg` and `…/graph/0_000000000071.json`, likewise
`inpainting`, `splicing_1` … `splicing_7`, `morphing` and `swapping`. The twelve digits, and those of the
donor in the graph, are COCO's. Only the faces come with authentic images, in `reference`.

Reference: G. Mahfoudi et al., "DEFACTO: image and face manipulation dataset" (2019).
"""

import re
from pathlib import Path

from tamperlens.data._sample import Sample
from tamperlens.data.datasets._folders import by_stem, images_in, require

_KINDS = {
    "copymove": "copy-move",
    "inpainting": "removal",
    "splicing": "splicing",
    "morphing": "face-morphing",
    "swapping": "face-swap",
}
_COCO = re.compile(r"(?<!\d)\d{12}(?!\d)")


def find_defacto(root: Path) -> list[Sample]:
    """List the parts of DEFACTO that are present, authentic faces first, then part by part, sorted by name.

    Args:
        root: folder that holds `copymove_img`, `splicing_1_img`, … or folders that hold them.

    Raises:
        DatasetError: no part is present.
    """
    parts = sorted((*root.glob("*_img"), *root.glob("*/*_img")))
    tampered = [sample for part in parts for sample in _part(part)]
    require(
        tampered, root, "DEFACTO is laid out as copymove_img/img/ and copymove_annotations/probe_mask/, …"
    )
    folders = (root / "reference", *sorted(root.glob("*/reference")))
    paths = [path for folder in folders for path in (*images_in(folder), *images_in(folder / "reference"))]
    unique = sorted(set(paths))
    return [Sample(path, False, "authentic", _sources(path)) for path in unique] + tampered


def _part(part: Path) -> list[Sample]:
    name = part.name.removesuffix("_img")
    annotations = part.parent / f"{name}_annotations"
    masks = by_stem(images_in(annotations / "probe_mask"))
    kind = _KINDS.get(name.split("_")[0], "mixed")
    return [
        Sample(path, True, kind, _sources(path, annotations / "graph"), masks.get(path.stem))
        for path in images_in(part / "img")
    ]


def _sources(path: Path, graphs: Path | None = None) -> frozenset[str]:
    """COCO's numbers in the name and in the graph; the name itself if there are none."""
    graph = graphs / f"{path.stem}.json" if graphs else None
    text = graph.read_text(encoding="utf-8", errors="replace") if graph and graph.is_file() else ""
    return frozenset(_COCO.findall(f"{path.stem} {text}") or [path.stem])
