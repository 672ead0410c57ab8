"""Findings of schema 1, from bundles and stored results, converted to the current schema."""

from collections.abc import Mapping
from typing import Any

_RENAMED = {
    "log10_likelihood_ratio": "log10_lr",
    "log10_constant": "log10_lr_constant",
    "patches": "regions",
    "mask": "mask_file",
}


def current(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data of a finding with the names of schema 2, whichever version wrote it.

    A score of 0.5 that stood for "none" in schema 1 becomes None. What schema 1 did not contain is not added.

    >>> current({"schema_version": "1.3", "score": 0.5, "thresholds": None, "log10_constant": 0.1})
    {'schema_version': '1.3', 'score': None, 'thresholds': None, 'log10_lr_constant': 0.1}
    """
    if not str(plain.get("schema_version", "")).startswith("1."):
        return dict(plain)
    found = {_RENAMED.get(name, name): value for name, value in plain.items()}
    if "thresholds" in found and found["thresholds"] is None:
        found["score"] = None
    if "opinions" in found:
        found["opinions"] = [_opinion(one) for one in found["opinions"]]
    return found


def _opinion(one: Mapping[str, Any]) -> dict[str, Any]:
    said = {_RENAMED.get(name, name): value for name, value in one.items()}
    placeholder = not said.get("applicable", True) and said.get("score") == 0.5
    return {**said, "score": None} if placeholder else said
