"""The three outcomes of an examination, why it may be inconclusive, and how soon a person should look."""

from typing import Literal

Outcome = Literal["consistent", "inconsistent", "inconclusive"]
# Why nothing is concluded: this kind of file cannot be judged; the file holds so little that most edits would
# not show; nothing was found, but later processing of the whole file may hide an edit; one place stands out,
# but not more than in untouched photographs; the file contradicts itself.
Because = Literal["not-assessable", "too-little-left", "overwritten", "weak-indications", "contradictory"]
# Beginning of the limit that says why a file in which nothing was found is not cleared.
NOT_CLEARED = "Nothing was found, but the file is not called consistent:"
Priority = Literal["high", "medium", "low", "none"]


def priority(outcome: Outcome, because: Because | None) -> Priority:
    """How soon a person should look, among many files.

    >>> priority("inconclusive", "contradictory"), priority("consistent", None)
    ('medium', 'none')
    """
    if outcome == "inconsistent":
        return "high"
    if because in {"weak-indications", "contradictory"}:
        return "medium"
    return "none" if outcome == "consistent" else "low"
