"""Text from elsewhere in our own sentences: what cannot be seen is shown, what differs by run is left out."""

import re
import unicodedata

# Categories of characters that show nothing, change the direction of what follows, or are half of one.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ADDRESS = re.compile(r"\s*<[^<>]{0,200}\bat 0x[0-9a-fA-F]{4,}[^<>]{0,40}>|\b0x[0-9a-fA-F]{8,}\b")
_TEMPORARY = re.compile(r"['\"]?(/[^\s'\":]*)?/tamperlens-[A-Za-z0-9_]{4,}(/[^\s'\":]*)?['\"]?")


def escaped(text: str, longest: int = 300) -> str:
    r"""One line in which control, direction and unassigned characters are shown as escapes.

    >>> escaped("a\u202egpj.exe\n")
    'a\\u202egpj.exe\\n'
    """
    shown = "".join(_shown(character) for character in text[: 4 * longest])
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def quoted(name: str, longest: int = 255) -> str:
    r"""A name from elsewhere within a sentence, so that it cannot be taken for part of it.

    >>> quoted("x', which was checked")
    "'x\\', which was checked'"
    """
    return "'" + escaped(name, longest).replace("'", "\\'") + "'"


def steady(sentence: str) -> str:
    """A sentence without addresses of objects and names of temporary folders, which differ from run to run.

    >>> steady("cannot identify image file <_io.BytesIO object at 0x7f3a5c0b1e40>")
    'cannot identify image file'
    """
    return _TEMPORARY.sub("a temporary file", _ADDRESS.sub("", sentence))


def _shown(character: str) -> str:
    if unicodedata.category(character) not in _UNSEEN:
        return character
    return (
        character.encode("unicode_escape").decode("ascii") if ord(character) < 0xD800 else _escape(character)
    )


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
