"""Searches evidence by words: names, hashes, cameras, dates, tags, notes, outcomes."""

import sqlalchemy as sa

from tamperlens.service._folding import folded
from tamperlens.service._tables import (
    Annotation,
    Case,
    Conclusion,
    Evidence,
    Finding,
    Note,
    Picture,
    Searched,
    Tag,
)
from tamperlens.service.schemas.fields import OUTCOMES

# What people wrote about evidence.
_WRITTEN = (Note, Conclusion, Annotation, Tag)


def evidence_with(words: str) -> sa.ColumnElement[bool]:
    """Condition: each word occurs in what is known or written about the evidence."""
    return sa.and_(sa.true(), *(_has(word) for word in folded(words).split()))


def case_with(words: str) -> sa.ColumnElement[bool]:
    """Condition: each word occurs in the title or description of the case."""
    return sa.and_(sa.true(), *(_in(Case, word) for word in folded(words).split()))


def _has(word: str) -> sa.ColumnElement[bool]:
    written = [sa.exists().where(table.evidence_id == Evidence.id, _in(table, word)) for table in _WRITTEN]
    places = [_in(Evidence, word), Evidence.picture.has(_in(Picture, word)), *written]
    if word in OUTCOMES:
        places.append(Evidence.finding.has(Finding.outcome == word))
    return sa.or_(*places)


def _in(table: type[Searched], word: str) -> sa.ColumnElement[bool]:
    return table.folded.contains(word, autoescape=True)
