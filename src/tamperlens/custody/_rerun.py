"""Examine a bundle's images again, and compare with what it says, all in a confined process."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from tamperlens.confined import Worker
from tamperlens.custody._checks import Check, State
from tamperlens.custody._confined_work import custody_worker
from tamperlens.custody._container import pack
from tamperlens.custody._manifest import Image
from tamperlens.custody._verifying import Opened
from tamperlens.errors import EvidenceError
from tamperlens.text import quoted


def rerun(
    opened: Opened, given: Iterable[bytes] = (), threads: int = 0, report: bytes = b""
) -> Iterator[Check]:
    """Examine each image of a bundle again, one check per image; then redraw its report, one more check.

    Args:
        opened: the bundle.
        given: originals that it lacks.
        threads: for the networks; 0 for all cores.
        report: the PDF that carried the bundle; "" for none.
    """
    originals = {hashlib.sha256(data).hexdigest(): data for data in given}
    worker = custody_worker(threads, any(image.strict for image in opened.manifest.images))
    try:
        for image in opened.manifest.images:
            original = opened.members.get(image.original or "") or originals.get(image.sha256)
            yield _again(worker, opened, image, original)
        if report:
            yield _pages(worker, opened, report)
    finally:
        worker.close()


def _again(worker: Worker, opened: Opened, image: Image, original: bytes | None) -> Check:
    name = f"again: {quoted(image.name)}"
    if original is None:
        return Check(name, "not possible", "the image is not in the bundle; name it with --original")
    mask = opened.members[image.mask] if image.mask else b""
    stated = opened.members[image.finding]
    sizes = [len(original), len(mask)]
    message = {"do": "compare", "name": image.name, "strict": image.strict, "sizes": sizes}
    return _asked(worker, name, message, original + mask + stated)


def _pages(worker: Worker, opened: Opened, report: bytes) -> Check:
    """Whether the pages match the bundle, as redrawn by the worker that examined its image."""
    if len(opened.manifest.images) != 1:
        return Check("pages", "not possible", "a report covers one image, and this bundle does not")
    bundle = pack(opened.members)
    message = {"do": "pages", "name": opened.manifest.images[0].name, "size": len(bundle)}
    return _asked(worker, "pages", message, bundle + report)


def _asked(worker: Worker, name: str, message: dict[str, Any], data: bytes) -> Check:
    try:
        reply = worker.ask(message, data)
        if reply.get("state") not in get_args(State):
            raise ValueError("the answer is not valid")
        return Check(name, reply["state"], str(reply["says"]))
    except (EvidenceError, LookupError, TypeError, ValueError) as error:
        return Check(name, "not possible", f"it cannot be examined or compared: {error}")
