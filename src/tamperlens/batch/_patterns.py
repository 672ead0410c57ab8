"""Patterns of paths."""

import fnmatch
import re

_WILD = re.compile(r"[*?\[]")


def fixed_part(text: str, separator: str) -> str:
    """The folders before the first wildcard; everything if there is none."""
    found = _WILD.search(text)
    return text if found is None else text[: text.rfind(separator, 0, found.start()) + 1]


def fits(name: str, pattern: str) -> bool:
    """Whether a path matches a pattern: `**` is any number of folders, other wildcards stay within one name.

    >>> fits("a/b/c.jpg", "**/*.jpg"), fits("a/b.jpg", "*.jpg")
    (True, False)
    """
    return _fit(name.split("/"), pattern.split("/"))


def _fit(parts: list[str], wanted: list[str]) -> bool:
    if not wanted or not parts:
        return not wanted and not parts
    if wanted == ["**"]:
        return True
    if wanted[0] == "**":
        return _fit(parts, wanted[1:]) or _fit(parts[1:], wanted)
    return fnmatch.fnmatchcase(parts[0], wanted[0]) and _fit(parts[1:], wanted[1:])
