"""What examiners concluded about evidence, and how they reviewed each other's conclusions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tamperlens.service._tables import Conclusion, Review

# Verdict of a review → words in a report that follow its author's name.
VERDICTS = {"agree": "agrees", "disagree": "disagrees", "sign-off": "signs off"}


@dataclass(frozen=True)
class Standing:
    """An examiner's latest conclusion.

    Attributes:
        conclusion: the latest conclusion.
        reviews: the latest review by each reviewer, the earliest first.
        earlier: the examiner's earlier conclusions, the latest first.
    """

    conclusion: Conclusion
    reviews: tuple[Review, ...]
    earlier: tuple[Conclusion, ...]


def standing_conclusions(session: Session, keys: Sequence[str]) -> dict[str, list[Standing]]:
    """Evidence → the conclusions that stand, in the order in which examiners first concluded."""
    said = sa.select(Conclusion).where(Conclusion.evidence_id.in_(keys))
    by_examiner: dict[tuple[str, str], list[Conclusion]] = defaultdict(list)
    for one in session.scalars(said.order_by(Conclusion.at, Conclusion.id)):
        by_examiner[one.evidence_id, one.by].append(one)
    reviews = _standing_reviews(session, [each[-1].id for each in by_examiner.values()])
    standing: dict[str, list[Standing]] = defaultdict(list)
    for (key, _by), each in by_examiner.items():
        *earlier, last = each
        standing[key].append(Standing(last, tuple(reviews[last.id].values()), tuple(reversed(earlier))))
    return standing


def _standing_reviews(session: Session, keys: Sequence[str]) -> dict[str, dict[str, Review]]:
    """Conclusion → reviewer → the latest review."""
    said = sa.select(Review).where(Review.conclusion_id.in_(keys)).order_by(Review.at, Review.id)
    reviews: dict[str, dict[str, Review]] = defaultdict(dict)
    for one in session.scalars(said):
        reviews[one.conclusion_id][one.by] = one
    return reviews


def own_conclusion(session: Session, evidence_id: str, name: str) -> Conclusion | None:
    """An examiner's latest conclusion."""
    own = sa.select(Conclusion).where(Conclusion.evidence_id == evidence_id, Conclusion.by == name)
    return session.scalars(own.order_by(Conclusion.at.desc(), Conclusion.id.desc()).limit(1)).first()


def disagree(standing: Iterable[Standing]) -> bool:
    """Whether examiners' outcomes differ, or a review disagrees."""
    found = list(standing)
    outcomes = {one.conclusion.outcome for one in found}
    return len(outcomes) > 1 or any(review.verdict == "disagree" for one in found for review in one.reviews)


def conclusion_view(conclusion: Conclusion) -> dict[str, Any]:
    """A conclusion."""
    return {name: getattr(conclusion, name) for name in ("id", "outcome", "text", "by", "at")}


def review_view(review: Review) -> dict[str, Any]:
    """A review."""
    return {name: getattr(review, name) for name in ("verdict", "text", "by", "at")}


def conclusions_view(standing: Sequence[Standing]) -> dict[str, Any]:
    """Everything that examiners say about one piece of evidence."""
    items = [
        {
            **conclusion_view(one.conclusion),
            "reviews": [review_view(review) for review in one.reviews],
            "earlier": [conclusion_view(each) for each in one.earlier],
        }
        for one in standing
    ]
    return {"items": items, "disagreement": disagree(standing)}


def brief_view(one: Standing) -> dict[str, Any]:
    """The same in short, for lists."""
    names: dict[str, list[str]] = {"agree": [], "disagree": [], "sign-off": []}
    for review in one.reviews:
        names[review.verdict].append(review.by)
    signed_off = names.pop("sign-off")
    told = {name: getattr(one.conclusion, name) for name in ("id", "outcome", "by", "at")}
    return {**told, **names, "signed_off": signed_off}
