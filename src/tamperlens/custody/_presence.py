"""Which images a case holds by the ledger: those that were added or moved in, less those that left again.

A move is two records. The case that receives an image gets `image moved in`, which names the case it came
from; right after it the case that gives it away gets `image moved out`, which holds the hash of the first
instead of a name. So both are bound to each other, and the case that gave the image away does not tell where
it is now.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
_ARRIVALS = frozenset({"uploaded", "image moved in"})
_DEPARTURES = {"image deleted": "it was deleted", "image moved out": "it was moved to another case"}
# List in a case → the ledger's action that it tells of, and what of the details it repeats.
_LISTS = {
    "deleted": ("image deleted", ("name", "sha256", "reason")),
    "moved_out": ("image moved out", ("name", "sha256", "reason")),
    "moved_in": ("image moved in", ("name", "sha256", "reason", "from")),
}


def came_and_went(own: Sequence[Record]) -> dict[str, list[dict[str, Any]]]:
    """What was deleted from a case, moved out of it, and moved into it: what, by whom, when, why.

    Args:
        own: records of the case, in their order.
    """
    return {
        name: [_told(each, kept) for each in own if each["action"] == of]
        for name, (of, kept) in _LISTS.items()
    }


def _told(record: Record, kept: Sequence[str]) -> dict[str, Any]:
    said = {name: record["details"][name] for name in kept}
    return {"id": record["evidence_id"], **said, "by": record["actor"], "at": record["at"]}


def presence_problems(
    case: Mapping[str, Any], own: Sequence[Record], records: Sequence[Record]
) -> Iterator[str]:
    """Where the images of a case are not those that came to it and stayed, a sentence each.

    Args:
        case: as `case.json` holds it.
        own: records of the case.
        records: all of the excerpt, those of other cases about its images among them.
    """
    last = {
        str(each["evidence_id"]): each for each in own if each["action"] in _ARRIVALS | _DEPARTURES.keys()
    }
    told = {str(one["id"]): one for one in case["evidence"]}
    present = {key for key, record in last.items() if record["action"] in _ARRIVALS}
    for key in sorted(present - told.keys()):
        yield f"evidence {key} is in the ledger and not in the case"
    for key in sorted(told.keys() - present):
        why = _DEPARTURES[last[key]["action"]] if key in last else "no record says how it came there"
        yield f"evidence {key} is in the case, though {why}"
    for name, recorded in came_and_went(own).items():
        here = list(case.get(name, ()))  # cases of before either was possible hold no such list
        if here != recorded:
            what = name.replace("_", " ")
            yield f"what was {what} is not what was recorded ({len(here)} here, {len(recorded)} there)"
    yield from _of_moves(told, own, records)


def _of_moves(
    told: Mapping[str, Mapping[str, Any]], own: Sequence[Record], records: Sequence[Record]
) -> Iterator[str]:
    """Both halves of each move belong together, and an image's history came along whole."""
    hashes = {record["hash"] for record in records}
    about: dict[str, list[int]] = defaultdict(list)
    for record in records:
        about[str(record.get("evidence_id"))].append(record["seq"])
    for record in own:
        details, key = record["details"], str(record["evidence_id"])
        if record["action"] == "image moved out" and details["arrival"] not in hashes:
            yield f"evidence {key} was moved out, and the record of its arrival elsewhere is missing"
        if record["action"] != "image moved in" or key not in told:
            continue
        if details["sha256"] != told[key]["sha256"]:
            yield f"evidence {key} is not the file that was moved in"
        if details["records"] != sum(seq < record["seq"] for seq in about[key]):
            yield f"evidence {key} was moved in with {details['records']} records, and not all are here"
