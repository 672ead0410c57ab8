"""The excerpt of a workbench's ledger that goes with a case, and whether its chain holds.

Each record holds the hash of the one before. For other cases the excerpt holds only hashes, so that the chain
reaches the head without revealing what happened elsewhere.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from tamperlens.custody._canonical import canonical
from tamperlens.errors import CustodyError
from tamperlens.text import quoted

_HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})", re.ASCII)


def record_hash(record: Mapping[str, Any]) -> str:
    """SHA-256 of everything in a record except its own hash."""
    return hashlib.sha256(canonical(record).encode()).hexdigest()


def excerpt_of(records: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The records with their description: how many, how many for the case, from which to which."""
    return {
        "records": list(records),
        "count": len(records),
        "of_case": sum("action" in record for record in records),
        "first": records[0]["seq"] if records else 0,
        "head": head_of(records),
    }


def excerpt_problem(excerpt: Mapping[str, Any]) -> str | None:
    """The first thing wrong with an excerpt, a sentence; None if it holds.

    Raises:
        LookupError, TypeError: it, or a record, lacks a required field.
    """
    records = excerpt["records"]
    stated = excerpt_of(records)
    for name in ("count", "of_case", "first", "head"):
        if excerpt[name] != stated[name]:
            return f"it states {name.replace('_', ' ')} {excerpt[name]}, and has {stated[name]}"
    return chain_problem(records)


def read_head(text: str) -> tuple[int, str]:
    """Number and hash of a head as noted by a person.

    Raises:
        CustodyError: it is not written like a head.
    """
    found = _HEAD.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        raise CustodyError(
            f"{quoted(text)} is not a head; expected number:hash, 64 hexadecimal digits, as "
            "'tamperlens ledger verify' prints it"
        )
    return int(found[1]), found[2]


def head_of(records: Sequence[Mapping[str, Any]]) -> str:
    """Number and hash of the last record, in the form that is noted elsewhere."""
    return f"{records[-1]['seq']}:{records[-1]['hash']}" if records else "0:"


def chain_problem(records: Sequence[Mapping[str, Any]]) -> str | None:
    """The first thing wrong with an excerpt, a sentence; None if its chain holds.

    Args:
        records: consecutive; those of other cases hold only `seq`, `previous` and `hash`.
    """
    before: Mapping[str, Any] | None = None
    for record in records:
        if before and record["seq"] != before["seq"] + 1:
            return f"record {record['seq']} follows record {before['seq']}"
        if before and record["previous"] != before["hash"]:
            return f"record {record['seq']} does not continue record {before['seq']}"
        if "action" in record and _rehashed(record) != record["hash"]:
            return f"record {record['seq']} was edited: its content does not give its hash"
        before = record
    return None


def _rehashed(record: Mapping[str, Any]) -> str:
    return record_hash({name: value for name, value in record.items() if name != "hash"})
