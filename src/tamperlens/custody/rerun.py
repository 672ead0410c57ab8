"""Examine again what a bundle is about, and compare with what it says; all of it in a confined process."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import get_args

from tamperlens.confined import Worker
from tamperlens.custody.checks import Check, State
from tamperlens.custody.confined_work import custody_worker
from tamperlens.custody.manifest import Image
from tamperlens.custody.verifying import Opened
from tamperlens.errors import EvidenceError


def rerun(opened: Opened, given: Iterable[bytes] = (), threads: int = 0) -> Iterator[Check]:
    """Examine each image of a bundle again, one check an image.

    Args:
        opened: the bundle.
        given: originals that it lacks.
        threads: of the networks, 0 for all cores.
    """
    originals = {hashlib.sha256(data).hexdigest(): data for data in given}
    worker = custody_worker(threads, any(image.strict for image in opened.manifest.images))
    try:
        for image in opened.manifest.images:
            original = opened.members.get(image.original or "") or originals.get(image.sha256)
            yield _again(worker, opened, image, original)
    finally:
        worker.close()


def _again(worker: Worker, opened: Opened, image: Image, original: bytes | None) -> Check:
    name = f"again: {image.name}"
    if original is None:
        return Check(name, "not possible", "the image is not in the bundle; name it with --original")
    mask = opened.members[image.mask] if image.mask else b""
    message = {"do": "compare", "name": image.name, "strict": image.strict, "size": len(original)}
    try:
        stated = {"stated": opened.finding(image.finding)}
        reply = worker.ask(message | stated, original + mask)
        if reply["state"] not in get_args(State):
            raise ValueError("the answer is none")
        return Check(name, reply["state"], str(reply["says"]))
    except (EvidenceError, LookupError, TypeError, ValueError) as error:
        return Check(name, "not possible", f"it cannot be examined or compared: {error}")
