"""Whoever replaces something says which state of it they have seen: ETag, If-Match, If-None-Match."""

from apiflask import abort
from flask import request


def refuse_unseen(version: str | None, thing: str) -> None:
    """Answer 428 to a write that names no state, and 412 to one that names another than the present.

    Args:
        version: of the present state, None where there is nothing yet.
        thing: what is written, for the sentence.
    """
    seen, first = request.if_match, request.if_none_match.star_tag
    if not seen and not first:
        abort(
            428,
            f"send the ETag of {thing} as you read it in If-Match, or If-None-Match: * where none was there",
        )
    if version not in seen.as_set() if version else not first:
        abort(412, f"{thing} was changed since you read it, so nothing is overwritten; read it again first")


def etag(version: str) -> dict[str, str]:
    """Header of an answer that shows this state."""
    return {"ETag": f'"{version}"'}
