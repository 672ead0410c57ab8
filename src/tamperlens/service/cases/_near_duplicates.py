"""Images that show the same as another one: the same bytes added twice, or a picture that looks alike."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from tamperlens.service._fingerprints import Known, lookalikes
from tamperlens.service._tables import Evidence, Picture
from tamperlens.service.people import visible_to
from tamperlens.service.people.visitors import Visitor

# Most hashes in one database query.
_AT_ONCE = 500

# Hash of bytes → hashes of bytes that show the same → differing bits of their 64-bit fingerprints.
Near = Mapping[str, Mapping[str, int]]


def count_near_duplicates(session: Session, who: Visitor, found: Sequence[Evidence]) -> dict[str, int]:
    """For each image, how many other images that this person may see show the same."""
    near = _near(session, found)
    seen = Counter[str]()
    for part in _parts({other for others in near.values() for other in others}):
        counted = sa.select(Evidence.sha256, sa.func.count()).join(Evidence.case)
        rows = session.execute(counted.where(visible_to(who), part).group_by(Evidence.sha256))
        seen.update({row[0]: row[1] for row in rows})
    return {one.id: sum(seen[other] for other in near[one.sha256]) - 1 for one in found}


def with_near_duplicates(session: Session, who: Visitor, case_id: str) -> sa.ColumnElement[bool]:
    """Condition on evidence of a case: other images that this person may see show the same.

    The database cannot compare fingerprints, so they are compared here; the condition lists matching hashes.
    """
    here = sa.func.max(sa.case((Evidence.case_id == case_id, 1), else_=0))
    seen = (
        sa.select(Evidence.sha256, Picture.perceptual, sa.func.count(), here)
        .join(Evidence.case)
        .join(Picture, Picture.sha256 == Evidence.sha256)
        .where(visible_to(who))
        .group_by(Evidence.sha256, Picture.perceptual)
    )
    rows = session.execute(seen).all()
    alike = lookalikes((row[0], row[1]) for row in rows)
    found = sorted(row[0] for row in rows if row[3] and (row[2] > 1 or row[0] in alike))
    return Evidence.sha256.in_(_listed(session, found))


def _listed(session: Session, values: Sequence[str]) -> sa.Select[tuple[str]]:
    """The values as a table, because the number of parameters of a statement is limited."""
    plain = sa.literal(json.dumps(values), sa.Text)
    if session.get_bind().dialect.name == "sqlite":
        return sa.select(sa.func.json_each(plain).table_valued("value").c.value)
    return sa.select(sa.func.json_array_elements_text(sa.cast(plain, sa.JSON)).table_valued("value").c.value)


def near_duplicate_views(session: Session, who: Visitor, one: Evidence) -> list[dict[str, Any]]:
    """Other images that show the same, the nearest first."""
    near = _near(session, [one])[one.sha256]
    found: list[Evidence] = []
    for part in _parts(near):
        listed = sa.select(Evidence).join(Evidence.case).options(contains_eager(Evidence.case))
        found += session.scalars(listed.where(visible_to(who), part, Evidence.id != one.id))
    found.sort(
        key=lambda other: (
            other.sha256 != one.sha256,
            near[other.sha256],
            other.case_id != one.case_id,
            other.uploaded_at,
            other.id,
        )
    )
    return [_view(other, near[other.sha256], other.sha256 == one.sha256) for other in found]


def _view(other: Evidence, distance: int, same_bytes: bool) -> dict[str, Any]:
    picture = other.picture
    return {
        **{name: getattr(other, name) for name in ("id", "case_id", "name", "uploaded_at", "uploaded_by")},
        **{name: getattr(picture, name) for name in ("format", "width", "height")},
        "case_title": other.case.title,
        "how": "exact" if same_bytes else "perceptual",
        "distance": distance,
        "outcome": other.finding.outcome if other.finding and other.state == "done" else None,
        "thumbnail": f"/api/v1/evidence/{other.id}/thumbnail" if picture.width is not None else None,
    }


def _near(session: Session, found: Sequence[Evidence]) -> Near:
    """For the bytes of each piece of evidence, the bytes that show the same, including themselves."""
    known = Known(session.execute(sa.select(Picture.sha256, Picture.perceptual)))
    return {one.sha256: known.near(one.picture.perceptual) | {one.sha256: 0} for one in found}


def _parts(hashes: Iterable[str]) -> Iterable[sa.ColumnElement[bool]]:
    """Conditions on the hashes, a limited number in each."""
    listed = sorted(hashes)
    return [
        Evidence.sha256.in_(listed[first : first + _AT_ONCE]) for first in range(0, len(listed), _AT_ONCE)
    ]
