"""What examiners concluded, as a section of the report that is shown beside the machine's finding."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from tamperlens.report import HEADLINES
from tamperlens.service._tables import Conclusion, Review
from tamperlens.service.cases._conclusion_views import Standing, disagree
from tamperlens.text import escaped

_TITLE, _DISAGREE = "What the examiners conclude", "The examiners disagree."
_VERDICTS = {"agree": "agrees", "disagree": "disagrees", "sign-off": "signs off"}
_SECTION = Markup('<section id="examiners"><h2>{}</h2>{}{}</section>\n\n')
_ONE = Markup('<h3>{}: <span class="pill {}">{}</span></h3><p>{}</p><p class="soft">{}</p>{}')


def examiners_section(standing: Sequence[Standing]) -> Markup:
    """The section, empty where nobody has concluded."""
    if not standing:
        return Markup("")
    warning = Markup("<p><strong>{}</strong></p>").format(_DISAGREE) if disagree(standing) else ""
    return _SECTION.format(_TITLE, warning, Markup("").join(_examiner(one) for one in standing))


def _examiner(one: Standing) -> Markup:
    said = one.conclusion
    reviews = Markup("").join(_review(review) for review in one.reviews)
    return _ONE.format(
        _plain(said.by),
        said.outcome,
        HEADLINES[said.outcome],
        _plain(said.text),
        _moment(said),
        Markup("<ul>{}</ul>").format(reviews) if reviews else "",
    )


def _review(review: Review) -> Markup:
    text = f": {_plain(review.text)}" if review.text else ""
    said = f"{_plain(review.by)} {_VERDICTS[review.verdict]}{text}"
    return Markup("<li>{} <small>{}</small></li>").format(said, _moment(review))


def _moment(said: Conclusion | Review) -> str:
    return f"{said.at:%Y-%m-%d %H:%M} UTC"


def _plain(text: str) -> Markup:
    """Several lines of a person's, with what cannot be seen shown."""
    return Markup("<br>").join(escape(escaped(line, 20_000)) for line in text.splitlines())
