"""The Content-Disposition header for a file of any name (RFC 6266), in a form that any server can send."""

import re
import unicodedata
from urllib.parse import quote

_PLAIN_LENGTH = 100


def disposition(name: str, download: bool) -> str:
    r"""The header's value in plain ASCII: a simple name for all clients, and the real one by RFC 5987.

    >>> disposition("Büro 1.jpg", download=True)
    'attachment; filename="Buro 1.jpg"; filename*=UTF-8\'\'B%C3%BCro%201.jpg'
    """
    how = "attachment" if download else "inline"
    plain = _plain(name)
    true = quote(name.encode("utf-8", "replace"), safe="")
    said = f'{how}; filename="{plain}"'
    return said if plain == name else f"{said}; filename*=UTF-8''{true}"


def _plain(name: str) -> str:
    """The name reduced to letters, digits and a few signs; the extension is kept."""
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    kept = re.sub(r"[^A-Za-z0-9._ -]+", "_", ascii_only).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        return (kept or "file")[:_PLAIN_LENGTH]
    return f"{(stem.strip(' .') or 'file')[: _PLAIN_LENGTH - 21]}.{ending[:20]}"
