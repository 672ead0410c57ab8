"""Neutral names for files that several people share, and rules against deceptive account names."""

import re
import unicodedata
from collections.abc import Iterable

from tamperlens.text import escaped, quoted


def neutral_name(sha256: str, kind: str) -> str:
    """Name for the bytes in an examination that several pieces of evidence may share.

    A name given by one person would be visible to another who added the same bytes.
    """
    return f"{sha256[:24]}.{kind.lower()}"


def name_problem(name: str, others: Iterable[str]) -> str | None:
    """Why an account or a group may not have a name, as a sentence; None if it may.

    Args:
        name: the wanted name.
        others: existing names.
    """
    if not any(unicodedata.category(letter)[0] in "LN" for letter in name):
        return f"the name {quoted(name)} contains no letter at all"
    return _deception("name", name, [name]) or _likeness("name", name, others)


def address_problem(address: str, others: Iterable[str]) -> str | None:
    """The same for an e-mail address; addresses may differ only in plain letters that look alike.

    Args:
        address: the wanted address.
        others: existing addresses.
    """
    alike = others if not address.isascii() else (other for other in others if not other.isascii())
    return _deception("address", address, re.split(r"[@.]", address)) or _likeness("address", address, alike)


def _deception(what: str, text: str, parts: Iterable[str]) -> str | None:
    """What in a text may deceive a reader, if anything; each of its parts must be in one script."""
    from confusable_homoglyphs.confusables import is_mixed_script  # noqa: PLC0415 - a megabyte of tables

    if escaped(text) != text:
        return f"the {what} {quoted(text)} contains invisible characters"
    if unicodedata.normalize("NFKC", text) != unicodedata.normalize("NFC", text):
        return f"the {what} {quoted(text)} contains letters that only look like others; use plain letters"
    mixed = (part for part in parts if is_mixed_script(part, allowed_aliases=["COMMON", "INHERITED"]))
    if not all(map(_is_japanese_or_korean, mixed)):
        return f"the {what} {quoted(text)} mixes scripts, whose letters can be taken for one another"
    return None


def _likeness(what: str, text: str, others: Iterable[str]) -> str | None:
    alike = next((other for other in others if skeleton(other) == skeleton(text)), None)
    return None if alike is None else f"the {what} {quoted(text)} looks like {quoted(alike)}, which is taken"


def skeleton(name: str) -> str:
    """A key that is the same for names that look alike."""
    from confusable_homoglyphs.confusables import confusables_data  # noqa: PLC0415

    plain = unicodedata.normalize("NFKD", name).casefold()
    kept = (letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Cf", "Zs"})
    return "".join(_looks_like(letter, confusables_data) for letter in kept).replace("rn", "m")


# Digits and letters that many typefaces draw alike.
_ALIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s"})


def _looks_like(letter: str, known: dict[str, list[dict[str, str]]]) -> str:
    if not letter.isascii():
        alike = (entry["c"] for entry in known.get(letter, []))
        letter = next((one for one in alike if one.isascii() and one.isalnum()), letter).casefold()
    return letter.translate(_ALIKE)


def _is_japanese_or_korean(name: str) -> bool:
    """Japanese and Korean mix several scripts."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in name if letter.isalpha()}
    together = ({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}, {"CJK", "HANGUL"})
    return any(scripts <= each for each in together)
