"""Examine again what a bundle is about, and compare with what it says."""

import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Picture

from tamperlens.custody.checks import Check, State
from tamperlens.custody.manifest import Image
from tamperlens.custody.verifying import Opened
from tamperlens.errors import TamperlensError
from tamperlens.evidence import Limits, load_evidence
from tamperlens.examine import Examiner, Finding
from tamperlens.report import finding_to_json
from tamperlens.report.pictures import to_gray_levels
from tamperlens.reproduction import differences, mask_difference, version_changes

# Pictures in a bundle are as untrusted as any other.
_MOST_PIXELS = 100_000_000


def rerun(opened: Opened, given: Iterable[bytes] = (), threads: int = 0) -> Iterator[Check]:
    """Examine each image of a bundle again, one check an image.

    Args:
        opened: the bundle.
        given: originals that it lacks.
        threads: of the networks, 0 for all cores.
    """
    originals = {hashlib.sha256(data).hexdigest(): data for data in given}
    examiners: dict[bool, Examiner] = {}
    for image in opened.manifest.images:
        original = opened.members.get(image.original or "") or originals.get(image.sha256)
        name = f"again: {image.name}"
        if original is None:
            yield Check(name, "not possible", "the image is not in the bundle; name it with --original")
            continue
        examiner = examiners.setdefault(image.strict, Examiner(threads=threads, strict=image.strict))
        try:
            finding = examiner.examine(load_evidence(original, Limits(), name=image.name))
            yield _compared(name, opened, image, finding)
        except (TamperlensError, LookupError, TypeError, ValueError, AttributeError, OSError) as error:
            yield Check(name, "not possible", f"it cannot be examined or compared: {error}")


def _compared(name: str, opened: Opened, image: Image, finding: Finding) -> Check:
    stated, again = opened.finding(image.finding), finding_to_json(finding, image.name)
    said = differences(stated, again)
    if image.mask and finding.mask is not None:
        mask = mask_difference(_levels(opened.members, image.mask), to_gray_levels(finding.mask))
        said += [mask] if mask else []
    changes = version_changes(stated["versions"], again["versions"])
    return Check(name, *_judged(said, changes))


def _judged(said: list[str], changes: list[str]) -> tuple[State, str]:
    """What differing results mean depends on whether the software is the same."""
    versions = (
        f"; versions differ: {', '.join(changes[:4])}{' …' if len(changes) > 4 else ''}" if changes else ""
    )
    if not said:
        return "passed", f"the same within tolerance{versions}"
    found = "; ".join(said[:3]) + (f" (and {len(said) - 3} more)" if len(said) > 3 else "")
    if changes:
        return "not possible", f"{found}{versions}. Install those of the finding to compare"
    return "failed", f"the same software comes to another result: {found}"


def _levels(members: Mapping[str, bytes], name: str) -> NDArray[np.uint8]:
    picture = Picture.open(io.BytesIO(members[name]), formats=["PNG"])
    if picture.width * picture.height > _MOST_PIXELS:
        raise ValueError(f"{name} declares {picture.width}×{picture.height} pixels")
    return np.asarray(picture.convert("L"))
