"""The finding as the viewer needs it: the report's JSON, and where its maps are."""

from apiflask import Schema, fields

from tamperlens.service.schemas.fields import OUTCOMES, chosen


class Box(Schema):
    """A rectangle in pixels of the upright image."""

    left = fields.Integer(required=True)
    top = fields.Integer(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class Patch(Box):
    """A suspicious part."""

    score = fields.Float(required=True)


class Opinion(Schema):
    """What one system says."""

    system = fields.String(required=True)
    title = fields.String(required=True)
    score = fields.Float(required=True)
    outcome = chosen(OUTCOMES, required=True)
    applicable = fields.Boolean(required=True)
    reason = fields.String(required=True)
    log10_likelihood_ratio = fields.Float(required=True, allow_none=True)


class KindOpinion(Schema):
    """What one classifier says of the kind."""

    system = fields.String(required=True)
    kinds = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)


class Explanation(Schema):
    """A map of a network that only explains."""

    name = fields.String(required=True)
    title = fields.String(required=True)


class Copy(Schema):
    """A pair of regions of which one repeats the other."""

    source = fields.Nested(Box, required=True)
    target = fields.Nested(Box, required=True)
    scale = fields.Float(required=True)
    angle = fields.Float(required=True)
    mirrored = fields.Boolean(required=True)
    matches = fields.Integer(required=True)
    significance = fields.Float(required=True)
    transform = fields.List(fields.List(fields.Float()), required=True)
    direction = fields.Float(required=True)


class Agreement(Schema):
    """How far another map marks the same place as the mask."""

    name = fields.String(required=True)
    overlap = fields.Float(required=True)
    chance = fields.Float(required=True)
    auc = fields.Float(required=True)


class CounterTest(Schema):
    """One re-examination."""

    name = fields.String(required=True)
    outcome = chosen(OUTCOMES, required=True)
    score = fields.Float(required=True)
    overlap = fields.Float(required=True, allow_none=True)


class Fact(Schema):
    """What the file states about itself."""

    topic = fields.String(required=True)
    statement = fields.String(required=True)
    weight = chosen(("neutral", "notable", "contradiction"), required=True)
    source = fields.String(required=True)
    caution = fields.String(required=True)


class Jpeg(Schema):
    """Structure of a JPEG file."""

    quality = fields.Integer(required=True)
    quality_is_exact = fields.Boolean(required=True)
    subsampling = fields.String(required=True)
    progressive = fields.Boolean(required=True)
    tables = fields.List(fields.List(fields.List(fields.Integer())), required=True)


class FileFacts(Schema):
    """The file as found."""

    format = fields.String(required=True)
    bytes = fields.Integer(required=True)
    stored_mode = fields.String(required=True)
    orientation = fields.Integer(required=True)
    frames = fields.Integer(required=True)
    steps = fields.List(fields.String(), required=True)
    warnings = fields.List(fields.String(), required=True)
    metadata = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    jpeg = fields.Nested(Jpeg, required=True, allow_none=True)


class Finding(Schema):
    """The finding, as docs/json.md describes it."""

    schema_version = fields.String(required=True)
    file = fields.String(required=True)
    sha256 = fields.String(required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)
    outcome = chosen(OUTCOMES, required=True)
    score = fields.Float(required=True)
    log10_likelihood_ratio = fields.Float(required=True, allow_none=True)
    log10_constant = fields.Float(required=True)
    false_alarm_rate = fields.Float(required=True, allow_none=True)
    thresholds = fields.List(fields.Float(), required=True, allow_none=True)
    kind = fields.String(required=True, allow_none=True)
    kinds = fields.Dict(keys=fields.String(), values=fields.Float(), required=True)
    kind_opinions = fields.List(fields.Nested(KindOpinion))
    explanations = fields.List(fields.Nested(Explanation))
    mask = fields.String(required=True, allow_none=True)
    mask_threshold = fields.Float(required=True, allow_none=True)
    patches = fields.List(fields.Nested(Patch), required=True)
    copies = fields.List(fields.Nested(Copy), required=True)
    opinions = fields.List(fields.Nested(Opinion), required=True)
    agreements = fields.List(fields.Nested(Agreement), required=True)
    counter_tests = fields.List(fields.Nested(CounterTest), required=True)
    history = fields.List(fields.String(), required=True)
    facts = fields.List(fields.Nested(Fact), required=True)
    limits = fields.List(fields.String(), required=True)
    evidence = fields.Nested(FileFacts, required=True)
    versions = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class Map(Schema):
    """A picture that lies over the whole photograph, at whatever resolution it has."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    measures = fields.String(required=True)
    reading = fields.String(required=True)
    url = fields.String(required=True, metadata={"description": "path of a PNG"})
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class FindingView(Schema):
    """Everything the viewer shows of one piece of evidence."""

    headline = fields.String(required=True)
    meaning = fields.String(required=True)
    support = fields.String(required=True)
    finding = fields.Nested(Finding, required=True)
    maps = fields.List(
        fields.Nested(Map),
        required=True,
        metadata={"description": "the mask's map comes first, then error levels"},
    )
    outline = fields.List(
        fields.List(fields.List(fields.Float())),
        required=True,
        metadata={
            "description": "outlines of the mask: closed polygons of x, y in pixels of the upright image"
        },
    )
    reports = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "html, json and, where the extra is installed, pdf → path"},
    )
