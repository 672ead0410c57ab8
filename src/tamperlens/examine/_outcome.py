"""The three answers an examination may give, why it gives none, and how soon a person should look."""

from typing import Literal

Outcome = Literal["consistent", "inconsistent", "inconclusive"]
# Why nothing is concluded: the file is not of a kind that can be judged; so little is left in it that most
# edits would not show; nothing was found, but what was done to the whole file since can hide an edit; there
# is a place to look at, which untouched photographs have too; the file contradicts itself.
Because = Literal["not-assessable", "too-little-left", "overwritten", "weak-indications", "contradictory"]
# How the limit begins that says why a file in which nothing was found is not cleared.
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
