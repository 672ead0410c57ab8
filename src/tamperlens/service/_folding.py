"""One spelling of a text for comparing and searching, in any script, the same on every database."""

import unicodedata


def folded(text: str) -> str:
    """Compatible letters made one, and capitals small.

    >>> folded("STRASSE ﬁn É") == folded("straße fin é")
    True
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
