"""The meaning of each name in the API, with an example: one name means the same thing everywhere.

A field that needs other words in its place has its own description, which takes precedence.
"""

from collections.abc import Iterator
from typing import Any

_KEY = "3f0c5b8e9d7a4c61b2f4e08d1a6c7b93"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_MOMENT = "2026-03-14T09:26:53.589793+00:00"

# Name → its meaning, and an example.
MEANING: dict[str, tuple[str, Any]] = {
    "access": ("what a person may do: read, or write: read and write", "write"),
    "action": ("what was done, or what to do", "uploaded"),
    "active_at": ("when something was last done in it", _MOMENT),
    "actor": ("who did it, by name", "Ada"),
    "address": ("address for an authenticator", "otpauth://totp/Tamperlens:Ada?secret=JBSWY3DP"),
    "agree": ("names of the reviewers who agree", ["Ada"]),
    "actions": ("actions of the ledger", ["examined"]),
    "annex": ("1: with the annex", 0),
    "annotation_id": ("identifier of the annotation", _KEY),
    "arrived": ("whether it was answered with 2xx", True),
    "at": ("when it was recorded", _MOMENT),
    "attempts": ("how often a worker began it", 1),
    "by": ("name of the author at that time", "Ada"),
    "bytes": ("size of the file", 482_113),
    "called_at": ("when a call last arrived", _MOMENT),
    "cancelled": ("how many were cancelled", 0),
    "case_id": ("identifier of the case", _KEY),
    "case_title": ("title of the case it is in", "Claim 1234"),
    "cases": ("how many cases", 3),
    "changed_at": ("when it was last changed", _MOMENT),
    "choice": ("the outcome or verdict chosen so far", "inconsistent"),
    "by_administrator": ("whether only an administrator may lift it", False),
    "closed": ("whether the case is closed, so that nothing can be added", False),
    "closed_at": ("when the case was closed", _MOMENT),
    "code": ("code of the authenticator, or a recovery code", "492039"),
    "codes": ("recovery codes, each of which works once", ["k4wm-9xpt-b2hc-7vfd"]),
    "conclusion_id": ("identifier of the conclusion", _KEY),
    "consistent": ("how many are consistent with an unaltered photograph", 5),
    "created_at": ("when it was made", _MOMENT),
    "csrf_token": ("send it as X-CSRF-Token with every write", "Zm9vYmFyYmF6cXV4"),
    "current": ("the current password", "correct horse battery staple"),
    "days": ("how long it is valid", 90),
    "demanded": ("whether this workbench requires it of everybody", False),
    "description": ("what the case is about", "Water damage, three photographs by the insured"),
    "detail": ("what was wrong and what to do, as a sentence", "a field is wrong"),
    "details": ("further content of the record", {"name": "kitchen.jpg"}),
    "disabled": ("whether the account is disabled", False),
    "disagree": ("names of the reviewers who disagree", []),
    "disagreement": ("whether examiners' outcomes differ, or a review disagrees", False),
    "distance": ("differing bits of 64", 3),
    "done": ("how many are done", 4),
    "download": ("1: save the file instead of showing it", 0),
    "due": ("whether it is due for deletion by the retention rule", False),
    "due_at": ("when it falls due for deletion by the retention rule", _MOMENT),
    "duplicate": ("whether an earlier finding of the same bytes was used again", False),
    "email": ("e-mail address at the identity provider", "ada@example.org"),
    "error": ("why it failed, as a sentence", "the file is cut off"),
    "evidence": ("how many images it has", 5),
    "evidence_id": ("identifier of the image in its case", _KEY),
    "expires_at": ("until when it is valid", _MOMENT),
    "failed": ("how many could not be examined", 0),
    "failing_since": ("since when no call has arrived", _MOMENT),
    "file": ("the file, byte for byte as it was found", None),
    "finished_at": ("when its examination ended", _MOMENT),
    "format": ("format of the content, whatever the name says", "JPEG"),
    "group_id": ("identifier of the group", _KEY),
    "hash": ("SHA-256 of the record, which the next one holds", _SHA256),
    "head": ("number and hash of the last record, to note elsewhere", f"1412:{_SHA256}"),
    "height": ("rows of pixels", 1080),
    "held": ("whether nothing may be deleted", True),
    "hold": ("why nothing may be deleted; null when everything may", None),
    "how": ("exact: the same bytes; perceptual: it looks alike", "exact"),
    "id": ("identifier, 32 hexadecimal digits", _KEY),
    "images": ("how many images", 3),
    "inconclusive": ("how many are inconclusive", 2),
    "inconsistent": ("how many are inconsistent with an unaltered photograph", 1),
    "intact": ("whether the chain is whole", True),
    "items": ("the items on this page", None),
    "keys": ("identifiers, in the list's order", [_KEY]),
    "kind": ("most probable kind of alteration; null if none is given", "splicing"),
    "iss": ("the provider", "https://claims.example.org"),
    "label": ("name under which an original is registered", "Agency picture 7731"),
    "link": ("path and fragment on this server", "/invitation#Zm9vYmFyYmF6cXV4"),
    "look": ("whole, or veil: transparent where the map's value is low", "veil"),
    "map_name": ("name of a map of the finding", "mask"),
    "match": ("the registered original that it equals or looks like", None),
    "max_upload_bytes": ("size limit of a file in bytes", 268_435_456),
    "must_enrol": ("whether a second factor must be set up before anything else", False),
    "members": ("who is in the group", None),
    "name": ("name", "Ada"),
    "near_duplicates": ("how many other images that you may see have the same bytes or look alike", 1),
    "needed": ("whether the first administrator is still missing", False),
    "new": ("the new password", "a longer sentence than before"),
    "next": ("identifier of the next one in the list", _KEY),
    "notes": ("how many notes there are", 2),
    "on": ("whether the account has a second factor", True),
    "organisation": ("organisation that the examiners work for", "Example Insurance"),
    "original_id": ("identifier of the registered original", _KEY),
    "originals": ("1: with the images themselves", 0),
    "outcome": ("consistent, inconclusive or inconsistent with an unaltered photograph", "inconsistent"),
    "outcomes": ("how many images have each outcome", None),
    "owner": ("name of the owner", "Ada"),
    "page": ("number of the page, from 1", 1),
    "password": ("the password", "correct horse battery staple"),
    "paper": ("size of the pages", "a4"),
    "paused": ("whether no calls go out", False),
    "per_page": ("number of items on a page", 50),
    "perceptual": ("perceptual hash, 16 hexadecimal digits", "c3a5f0e19b7d2846"),
    "position": ("place in the list, from 1", 2),
    "previous": ("identifier of the previous one in the list", _KEY),
    "problem": ("the first thing that is wrong, as a sentence", "record 17 is missing"),
    "progress": ("how far it is, 0 to 1", 0.4),
    "provider": ("host of the identity provider; null for passwords alone", "login.example.org"),
    "queued": ("how many are waiting", 1),
    "recovery_codes": ("how many are left", 10),
    "reason": ("why, for the ledger", "The retention period is over"),
    "records": ("how many records the ledger has", 1412),
    "registered_at": ("when it was registered", _MOMENT),
    "registered_by": ("who registered it", "Ada"),
    "rendition": ("path of the picture for browsers", f"/api/v1/evidence/{_KEY}/rendition"),
    "request": ("who asked, and for what", "Claims department: are these three untouched?"),
    "reviews": ("what others say about it, the latest by each of them", None),
    "role": ("administrator, examiner or viewer", "examiner"),
    "running": ("how many are being examined", 1),
    "scope": ("read, or write: read and write", "read"),
    "score": ("calibrated probability of alteration, 0 to 1", 0.93),
    "search": ("words that all must be found, in any script and case", "claim"),
    "second_factor": ("whether the account has one", True),
    "secret": ("shown only once", "tl_Zm9vYmFyYmF6cXV4"),
    "session_state": ("sent by some providers; not used", "x"),
    "seen_at": ("when they were last active", _MOMENT),
    "seq": ("number of the record, from 1", 17),
    "sha256": ("SHA-256 of the bytes, 64 hexadecimal digits", _SHA256),
    "shape": ("rectangle or outline", "rectangle"),
    "signed_off": ("names of the reviewers who signed off", ["Grace"]),
    "skipped": ("what was skipped, and why", None),
    "sort": ("what the list is sorted by", "name"),
    "state": ("state of the examination", "done"),
    "states": ("how many images are in each state", None),
    "status": ("of HTTP", 422),
    "step": ("what is being done, a few words", "measuring noise"),
    "subject": ("what the draft is for: note, conclusion, or review-CONCLUSION", "note"),
    "tag": ("a word by which images are sorted", "kitchen"),
    "tags": ("words by which images are sorted", ["kitchen"]),
    "text": ("the text itself", "The window's shadow falls the wrong way."),
    "thumbnail": ("path of a small picture", f"/api/v1/evidence/{_KEY}/thumbnail"),
    "title": ("title", "Claim 1234"),
    "token": ("the secret of a link", "Zm9vYmFyYmF6cXV4"),
    "token_id": ("identifier of the token", _KEY),
    "total": ("how many there are on all pages", 5),
    "type": ("about:blank: see the status", "about:blank"),
    "uploaded_at": ("when it was added", _MOMENT),
    "uploaded_by": ("who added it", "Ada"),
    "url": ("address", "https://claims.example.org/tamperlens"),
    "used_at": ("when it was last used", _MOMENT),
    "user": ("the account", None),
    "user_id": ("identifier of the account", _KEY),
    "verdict": ("agree, disagree, or sign-off", "agree"),
    "version": ("version of its state", "5f2a"),
    "webhook_id": ("identifier of the webhook", _KEY),
    "why": ("the reason, as a sentence", "it is being examined already"),
    "width": ("columns of pixels", 1920),
    "words": ("words that all must be found, in any script and case", "kitchen window"),
}


def explain(spec: dict[str, Any]) -> None:
    """Give every property of a schema and every parameter its meaning, and an example if it takes one.

    Args:
        spec: the OpenAPI document, completed in place.
    """
    for name, field in _fields(spec):
        meaning, example = MEANING.get(name, (None, None))
        if meaning and "$ref" not in field:
            field.setdefault("description", meaning)
        if example is not None and _takes(field.get("schema", field), example):
            is_parameter = "in" in field
            field.setdefault(
                "example" if is_parameter else "examples", example if is_parameter else [example]
            )


def _fields(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for schema in spec["components"]["schemas"].values():
        yield from schema.get("properties", {}).items()
    for operations in spec["paths"].values():
        for operation in operations.values():
            for field in operation.get("parameters", []):
                yield field["name"], field


def _takes(schema: dict[str, Any], example: Any) -> bool:  # noqa: ANN401 - JSON of any kind
    """Whether an example fits the schema: a name may be a count in one place and a list in another."""
    if "enum" in schema and example not in schema["enum"]:
        return False
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    stated = schema.get("type", ())
    return kinds[type(example)] in ([stated] if isinstance(stated, str) else stated)
