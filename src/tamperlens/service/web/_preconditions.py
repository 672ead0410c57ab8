"""A client that replaces something must say which state it has seen: ETag, If-Match, If-None-Match."""

from apiflask import abort
from flask import request


def refuse_unseen(version: str | None, thing: str) -> None:
    """Abort with 428 if a write names no state, and with 412 if it names another than the current one.

    Args:
        version: version of the current state; None if there is nothing yet.
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
    """Header of an answer with this state."""
    return {"ETag": f'"{version}"'}
