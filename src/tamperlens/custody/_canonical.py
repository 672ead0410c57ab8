"""One spelling of JSON data, so that the same content has the same bytes and the same hash.

Keys sorted, no spaces, UTF-8, no escapes but those that JSON demands: RFC 8785 for data without fractions and
with keys of plain letters, as manifests and ledger records are. Fractions, which findings hold rounded to six
digits, are spelt as Python spells them: the shortest decimal that reads back the same.
"""

import json
from typing import Any

from tamperlens.errors import CustodyError


def canonical(value: object) -> str:
    """The one spelling.

    >>> canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def read_canonical(data: bytes, what: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Data from its one spelling.

    Raises:
        CustodyError: no JSON, or spelt otherwise.
    """
    try:
        value = json.loads(data.decode("utf-8"))
        spelt = canonical(value).encode()
    except (ValueError, RecursionError) as error:
        raise CustodyError(f"{what} is not readable JSON: {error}") from error
    if spelt != data:
        raise CustodyError(f"{what} is not in canonical form; it was edited, or not written by this software")
    return value
