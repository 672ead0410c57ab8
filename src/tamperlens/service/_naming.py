"""What a file is called where its bytes count, and what an account may be called beside the others."""

import re
import unicodedata
from collections.abc import Iterable

from tamperlens.text import escaped, quoted


def neutral_name(sha256: str, kind: str) -> str:
    """What the bytes are called in an examination that several pieces of evidence may share.

    One that one person gave would be read by another who handed in the same bytes.
    """
    return f"{sha256[:24]}.{kind.lower()}"


def name_problem(name: str, others: Iterable[str]) -> str | None:
    """Why an account or a group may not have a name, a sentence; None when it may.

    Args:
        name: that is wanted.
        others: names that there are.
    """
    if not any(unicodedata.category(letter)[0] in "LN" for letter in name):
        return f"the name {quoted(name)} contains no letter at all"
    return _deception("name", name, [name]) or _likeness("name", name, others)


def address_problem(address: str, others: Iterable[str]) -> str | None:
    """Likewise for an e-mail address; plain letters that look alike are different addresses.

    Args:
        address: that is wanted.
        others: addresses that there are.
    """
    alike = others if not address.isascii() else (other for other in others if not other.isascii())
    return _deception("address", address, re.split(r"[@.]", address)) or _likeness("address", address, alike)


def _deception(what: str, text: str, parts: Iterable[str]) -> str | None:
    """What in a text may deceive a reader; each of its parts is in one script."""
    from confusable_homoglyphs.confusables import is_mixed_script  # noqa: PLC0415 - tables of a megabyte

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
    """What names that look alike have in common."""
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
    """These write with several scripts together."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in name if letter.isalpha()}
    together = ({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}, {"CJK", "HANGUL"})
    return any(scripts <= each for each in together)
