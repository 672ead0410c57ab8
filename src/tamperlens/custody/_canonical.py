"""One way to write JSON data, so that the same content has the same bytes and the same hash.

Keys sorted, no spaces, UTF-8, only the escapes that JSON requires: RFC 8785 for data without fractions and
with plain-letter keys, such as manifests and ledger records. Fractions, which findings round to six digits,
are written as Python writes them: the shortest decimal that reads back the same.
"""

import json
from typing import Any

from tamperlens.errors import CustodyError


def canonical(value: object) -> str:
    """The canonical text.

    >>> canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def read_canonical(data: bytes, what: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Data from its canonical text.

    Raises:
        CustodyError: it is not JSON, or not canonical.
    """
    try:
        value = json.loads(data.decode("utf-8"))
        spelt = canonical(value).encode()
    except (ValueError, RecursionError) as error:
        raise CustodyError(f"{what} is not readable JSON: {error}") from error
    if spelt != data:
        raise CustodyError(f"{what} is not in canonical form; it was edited, or not written by this software")
    return value
