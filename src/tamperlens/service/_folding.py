"""One spelling of a text for comparison and search, in any script, and the same with every database."""

import unicodedata


def folded(text: str) -> str:
    """Unify compatible letters, and fold case.

    >>> folded("STRASSE ﬁn É") == folded("straße fin é")
    True
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
