"""Whether a case agrees with the ledger: everything it holds was recorded, and nothing is left out.

The ledger keeps the SHA-256 of every original, finding, mask, note, conclusion, review and comment on a
region. The same comparison is made before a case is signed and when its bundle is verified.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tamperlens.custody._canonical import canonical
from tamperlens.custody._presence import presence_problems
from tamperlens.text import quoted

Record = Mapping[str, Any]
# These only say where a finding and its mask are; "mask" is schema 1's name.
_OF_A_PLACE = frozenset({"file", "mask", "mask_file"})
# Last record of an examination → states that evidence may then have.
_STATES = {
    "uploaded": {"queued", "running"},
    "queued again": {"queued", "running"},
    "examined": {"done"},
    "not examined": {"failed"},
    "cancelled": {"cancelled"},
}


@dataclass(frozen=True)
class Bound:
    """What identifies one examined image.

    Attributes:
        name: of the file.
        sha256: of the original.
        finding: `finding_hash` of its finding.
        mask: SHA-256 of its mask; None if there is none.
    """

    name: str
    sha256: str
    finding: str
    mask: str | None


def text_hash(text: str) -> str:
    """SHA-256 of what a person wrote, as kept in the ledger."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def finding_hash(finding: Mapping[str, Any]) -> str:
    """SHA-256 of a finding's canonical JSON, without the fields that say where it and its mask are."""
    kept = {name: value for name, value in finding.items() if name not in _OF_A_PLACE}
    if "absent" in kept:
        kept["absent"] = {name: why for name, why in kept["absent"].items() if name not in _OF_A_PLACE}
    return hashlib.sha256(canonical(kept).encode("utf-8", "surrogatepass")).hexdigest()


def contradictions(case: Mapping[str, Any], records: Sequence[Record], images: Sequence[Bound]) -> list[str]:
    """Everything in which a case and the ledger differ, one sentence each.

    Args:
        case: the content of `case.json`.
        records: from the ledger; those of other cases are skipped, except about images of this case.
        images: of the finished evidence, in order.

    Raises:
        LookupError, TypeError: the case or a record lacks a required field.
    """
    own = [record for record in records if record.get("case_id") == case["id"] and "action" in record]
    by_evidence: dict[str, list[Record]] = {}
    for record in records:  # what was moved in brings along what other cases recorded about it
        if "action" in record:
            by_evidence.setdefault(str(record["evidence_id"]), []).append(record)
    said = [*_of_case(case, own), *presence_problems(case, own, records)]
    for one in case["evidence"]:
        about = by_evidence.get(str(one["id"]), [])
        said += [f"{quoted(str(one['name']))}: {why}" for why in _of_evidence(one, about)]
    done = [one for one in case["evidence"] if one["state"] == "done"]
    if len(done) != len(images):
        return [*said, f"{len(done)} pieces of evidence are examined, and {len(images)} findings are there"]
    for one, image in zip(done, images, strict=True):
        about = by_evidence.get(str(one["id"]), [])
        said += [f"{quoted(str(one['name']))}: {why}" for why in _of_image(one, image, about)]
    return said


def _of_case(case: Mapping[str, Any], own: Sequence[Record]) -> Iterator[str]:
    opened = [record for record in own if record["action"] == "case opened"]
    if len(opened) != 1:
        yield f"the ledger records {len(opened)} openings of this case"
        return
    told = {"closed": False, "description": "", **opened[0]["details"]}
    for record in own:
        if record["action"] == "case changed":
            told |= record["details"]
    for name in ("title", "description", "closed"):
        if case[name] != told[name]:
            yield f"the case's {name} is not the one that was recorded"
    handed = [record["details"]["to"] for record in own if record["action"] == "case handed over"]
    owner = [opened[0]["actor"], *handed][-1]
    if case["owner"] != owner:
        yield f"the case is {quoted(str(owner))}'s by the ledger, not {quoted(str(case['owner']))}'s"


def _of_evidence(one: Mapping[str, Any], about: Sequence[Record]) -> Iterator[str]:
    uploads = [record for record in about if record["action"] == "uploaded"]
    if len(uploads) != 1:
        yield f"its upload is recorded {len(uploads)} times"
        return
    upload = uploads[0]
    for name, recorded in (
        ("name", upload["details"]["name"]),
        ("sha256", upload["details"]["sha256"]),
        ("uploaded_by", upload["actor"]),
    ):
        if one[name] != recorded:
            here, there = quoted(str(one[name])), quoted(str(recorded))
            yield f"its {name.replace('_', ' ')} is {here}, recorded was {there}"
    last = [record for record in about if record["action"] in _STATES][-1]
    if one["state"] not in _STATES[last["action"]]:
        yield f"it is {one['state']}, but the last record of it is '{last['action']}'"
    if one["state"] == "failed" and one["error"] != last["details"].get("reason"):
        yield "why it was not examined is not what was recorded"
    yield from _of_words(one, about)


def _of_words(one: Mapping[str, Any], about: Sequence[Record]) -> Iterator[str]:
    """Notes, conclusions, reviews, annotations, in order; older cases lack the last two."""
    recorded: dict[str, list[tuple[str, ...]]] = {
        "notes": [_note(record) for record in about if record["action"] == "noted"],
        "conclusions": [_conclusion(record) for record in about if record["action"] == "concluded"],
        "reviews": [_review(record) for record in about if record["action"] == "reviewed"],
        "annotations": _annotations(about),
    }
    told: dict[str, list[tuple[str, ...]]] = {
        "notes": [(note["by"], text_hash(note["text"])) for note in one["notes"]],
        "conclusions": [(c["by"], c["outcome"], text_hash(c["text"])) for c in one["conclusions"]],
        "reviews": [
            (said["by"], said["conclusion"], said["verdict"], text_hash(said["text"]))
            for said in one.get("reviews", ())
        ],
        "annotations": [
            (each["id"], each["by"], each["shape"], canonical(each["points"]), text_hash(each["text"]))
            for each in one.get("annotations", ())
        ],
    }
    for name, those in recorded.items():
        if told[name] != those:
            yield f"its {name} are not those that were recorded ({len(told[name])} here, {len(those)} there)"


def _note(record: Record) -> tuple[str, ...]:
    return record["actor"], record["details"]["sha256"]


def _conclusion(record: Record) -> tuple[str, ...]:
    return record["actor"], record["details"]["outcome"], record["details"]["sha256"]


def _review(record: Record) -> tuple[str, ...]:
    details = record["details"]
    return record["actor"], details["conclusion"], details["verdict"], details["sha256"]


def _annotations(about: Sequence[Record]) -> list[tuple[str, ...]]:
    """Those that were neither removed nor changed later, in the order they were made."""
    standing: dict[str, tuple[str, ...]] = {}
    for record in about:
        details = record["details"]
        if record["action"] == "annotation removed":
            standing.pop(details["annotation"], None)
        elif record["action"] in {"annotated", "annotation changed"}:
            drawn = details["shape"], canonical(details["points"]), details["sha256"]
            standing[details["annotation"]] = (details["annotation"], record["actor"], *drawn)
    return list(standing.values())


def _of_image(one: Mapping[str, Any], image: Bound, about: Sequence[Record]) -> Iterator[str]:
    if (image.name, image.sha256) != (one["name"], one["sha256"]):
        yield "the finding in its place is about another file"
        return
    examined = [record for record in about if record["action"] == "examined"]
    if not examined:
        yield "no examination is recorded"
        return
    details = examined[-1]["details"]
    for what, here in (("sha256", image.sha256), ("finding", image.finding), ("mask", image.mask)):
        if details.get(what) != here:
            name = "original" if what == "sha256" else what
            yield f"its {name} is not the one whose SHA-256 was recorded"
