"""What examiners concluded and drew, as a section of the report next to the finding."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from tamperlens.report import HEADLINES
from tamperlens.service._tables import Annotation, Conclusion, Picture, Review
from tamperlens.service.cases._annotations import corners
from tamperlens.service.cases._conclusion_views import VERDICTS, Standing, disagree
from tamperlens.text import escaped

_TITLE, _DISAGREE = "What the examiners conclude", "The examiners disagree."
_SECTION = Markup('<section id="examiners"><h2>{}</h2>{}{}</section>\n\n')
_ONE = Markup('<h3>{}: <span class="pill {}">{}</span></h3><p>{}</p><p class="soft">{}</p>{}')


_DRAWN = "Regions that examiners marked"
_NONE = "No conclusion is recorded."
_SKETCH = Markup(
    '<h3>{}</h3><svg class="photo" viewBox="0 0 {} {}" role="img" aria-label="{}">'
    '<use href="#photograph"/>{}</svg><ol>{}</ol>'
)
_SHAPE = Markup(
    '<path class="under" d="{0}" vector-effect="non-scaling-stroke"/>'
    '<path class="line source" d="{0}" vector-effect="non-scaling-stroke"/>'
    '<text x="{1}" y="{2}" font-size="{3}" font-weight="700" fill="#fff" stroke="#000" stroke-width="{4}" '
    'paint-order="stroke">{5}</text>'
)


def examiners_section(
    standing: Sequence[Standing], annotations: Sequence[Annotation], picture: Picture
) -> Markup:
    """The section; empty if nobody has concluded or drawn anything.

    Args:
        standing: the conclusions.
        annotations: what examiners drew on the image.
        picture: the image; drawings are shown only if its size is known.
    """
    if not standing and not annotations:
        return Markup("")
    warning = Markup("<p><strong>{}</strong></p>").format(_DISAGREE) if disagree(standing) else ""
    said = Markup("").join(_examiner(one) for one in standing) or Markup("<p>{}</p>").format(_NONE)
    return _SECTION.format(_TITLE, warning, said + _annotated(annotations, picture))


def _annotated(annotations: Sequence[Annotation], picture: Picture) -> Markup:
    """The photograph with numbered regions, and the comment on each."""
    width, height = picture.width, picture.height
    if not annotations or width is None or height is None:
        return Markup("")
    letters = max(12, max(width, height) // 30)
    shapes = Markup("").join(
        _SHAPE.format(_path(one), *_corner(one, letters), letters, letters / 8, number)
        for number, one in enumerate(annotations, 1)
    )
    items = Markup("").join(_comment(one) for one in annotations)
    return _SKETCH.format(_DRAWN, width, height, _DRAWN, shapes, items)


def _path(one: Annotation) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in corners(one)) + "Z"


def _corner(one: Annotation, letters: int) -> tuple[int, int]:
    """Position of its number: just inside its top left corner."""
    return min(x for x, _y in one.points) + letters // 4, min(y for _x, y in one.points) + letters


def _comment(one: Annotation) -> Markup:
    said = f"{_moment(one)}, {_extent(one)}"
    return Markup('<li>{}{} <span class="soft">{}: {}</span></li>').format(
        _plain(one.text), "" if one.text else "–", _plain(one.by), said
    )


def _extent(one: Annotation) -> str:
    """Its shape, size and position in pixels."""
    across, down = [x for x, _y in one.points], [y for _x, y in one.points]
    size = f"{max(across) - min(across)} × {max(down) - min(down)} px"
    return f"{one.shape} of {size} at ({min(across)}, {min(down)})"


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
    said = f"{_plain(review.by)} {VERDICTS[review.verdict]}{text}"
    return Markup("<li>{} <small>{}</small></li>").format(said, _moment(review))


def _moment(said: Conclusion | Review | Annotation) -> str:
    return f"{said.at:%Y-%m-%d %H:%M} UTC"


def _plain(text: str) -> Markup:
    """A person's text of several lines, with invisible characters made visible."""
    return Markup("<br>").join(escape(escaped(line, 20_000)) for line in text.splitlines())
