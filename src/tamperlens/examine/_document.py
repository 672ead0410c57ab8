"""The finding as a document: what is written as JSON, kept in bundles and shown to people.

These types are the only definition of its shape: the JSON schema, the workbench's API and the types of its
pages are generated from them, including the descriptions in `Attributes`.
"""

from typing import Annotated, Literal

import msgspec

from tamperlens.evidence import Fact
from tamperlens.examine._agreement import Agreement
from tamperlens.examine._outcome import Because, Outcome, Priority
from tamperlens.examine._regions import MarkedRegion

# Major: a field is removed or changes its meaning. Minor: a field is added.
SCHEMA_VERSION = "2.1"

Kind = Literal["splicing", "copy-move", "removal", "retouching", "ai-edit"]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Pixels = Annotated[int, msgspec.Meta(ge=0)]


class Opinion(msgspec.Struct, frozen=True, kw_only=True):
    """What one system or trace says about the image.

    Attributes:
        system: name of the system, of the trace, or of the fused map.
        score: its own calibrated probability of alteration, 0…1, at even prior odds; null when nothing could
            be measured, for which `reason` says why.
        outcome: its own outcome, at thresholds frozen on validation images.
        applicable: whether its error rates were measured on images of this kind.
        reason: what it is based on, or why it is not applicable.
        log10_lr: what it adds to the finding's log₁₀ likelihood ratio; null when it is not applicable or was
            used alone.
    """

    system: str
    score: Share | None
    outcome: Outcome
    applicable: bool
    reason: str
    log10_lr: float | None = None


class KindOpinion(msgspec.Struct, frozen=True, kw_only=True):
    """What one classifier says about the kind.

    Attributes:
        system: name of the classifier.
        kinds: probability of each kind that it distinguishes, given that it was one of them.
    """

    system: str
    kinds: dict[str, Share]


class Box(msgspec.Struct, frozen=True):
    """A rectangle in pixels of the upright image.

    Attributes:
        left: first column.
        top: first row.
        width: number of columns.
        height: number of rows.
    """

    left: Pixels
    top: Pixels
    width: Pixels
    height: Pixels


class CopiedPair(msgspec.Struct, frozen=True, kw_only=True):
    """Two regions, one of which repeats the other.

    Attributes:
        source: the likelier source.
        target: the likelier copy.
        direction: how certain it is which of the two is the copy; near 0 it is a guess.
        scale: size of the copy relative to its source.
        angle: degrees by which the copy is rotated.
        mirrored: whether the copy is mirrored.
        matches: pairs of keypoints that agree; 0 when the pair was found without keypoints.
        significance: −log₁₀ of the probability that a merely similar pair would agree as well.
        transform: 2 × 3 affine matrix from source to target, in pixels.
    """

    source: Box
    target: Box
    direction: float
    scale: float
    angle: float
    mirrored: bool
    matches: int
    significance: float
    transform: tuple[tuple[float, float, float], tuple[float, float, float]]


class Alone(msgspec.Struct, frozen=True, kw_only=True):
    """A place that one trace alone shows more clearly than in almost all untouched photographs.

    Attributes:
        trace: name of the trace.
        sentence: what the place shows, a clause without a full stop.
        share: share of untouched photographs that show an equally clear place in that trace.
        box: bounding box of the place.
    """

    trace: str
    sentence: str
    share: Share
    box: Box


class Power(msgspec.Struct, frozen=True, kw_only=True):
    """How many edits of one kind would have been found in files like this one.

    Attributes:
        kind: kind of edit.
        made: edits made to measure it, in files of similar size and quality if there are enough.
        found: how many of them were called inconsistent.
        share: `found` divided by `made`.
        low: lower end of the 95 % interval of `share`.
        high: upper end of that interval.
    """

    kind: Kind
    made: int
    found: int
    share: Share
    low: Share
    high: Share


class CounterTest(msgspec.Struct, frozen=True, kw_only=True):
    """One examination of an altered version of the image.

    Attributes:
        name: what was done to the image.
        outcome: outcome of that examination.
        score: score of that examination; null in the same cases as in the finding.
        overlap: intersection over union of both masks on the part that both show; 1 when both mark nothing,
            null without a mask.
        absent: field that is null → why.
    """

    name: str
    outcome: Outcome
    score: Share | None
    overlap: Share | None
    absent: dict[str, str]


class JpegFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How the JPEG file was written.

    Attributes:
        quality: on the Independent JPEG Group's scale, 1…100, the one nearest to the luminance table.
        quality_is_exact: whether the table is exactly that of this quality.
        subsampling: chroma subsampling.
        progressive: whether it is progressive, otherwise baseline.
        tables: quantisation tables, 8 × 8 each, luminance first.
    """

    quality: int
    quality_is_exact: bool
    subsampling: str
    progressive: bool
    tables: tuple[tuple[tuple[int, ...], ...], ...]


class FileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The file as found.

    Attributes:
        format: format of the content, whatever the file name says.
        bytes: size of the file.
        stored_mode: how its pixels are stored.
        orientation: EXIF orientation, 1…8; the image was rotated upright.
        frames: frames or pages; only the first is examined.
        steps: what was done to decode it, one phrase per step.
        warnings: what the decoder noticed.
        metadata: as stored; anyone can write anything there.
        jpeg: null when the file is not a JPEG.
    """

    format: str
    bytes: int
    stored_mode: str
    orientation: int
    frames: int
    steps: tuple[str, ...]
    warnings: tuple[str, ...]
    metadata: dict[str, str]
    jpeg: JpegFacts | None


class FindingDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one examination, without its pictures.

    Attributes:
        schema_version: version of this document's schema.
        file: the path as the caller named it.
        sha256: SHA-256 of the file's bytes, hexadecimal.
        width: width of the upright image in pixels.
        height: height of the upright image in pixels.
        outcome: whether the image is consistent with an original, inconsistent with one, or neither can be
            said.
        score: calibrated probability of alteration, 0…1, at even prior odds.
        log10_lr: log₁₀ of the likelihood ratio, altered over authentic.
        log10_lr_constant: part of that sum that does not come from an opinion.
        false_alarm_rate: share of authentic images that the outcome "inconsistent" aims at.
        because: why nothing is concluded.
        priority: how soon a person should look at this file, among many.
        alone: what one trace shows so clearly that it raised the score above the sum of all opinions.
        power: how many edits of each kind would have been found; empty where no outcome may be given.
        thresholds: score below which the outcome is consistent, and above which it is inconsistent.
        kind: the most probable kind of alteration.
        kinds: probability of each kind, given that the largest marked region was altered; empty when no kind
            is given.
        kind_opinions: what each classifier of kinds says.
        mask_file: an 8-bit gray PNG of the image's size, 255 × probability that the pixel was altered.
        mask_threshold: probability from which a pixel of this image counts as altered.
        marked_share: share of the area that the mask marks.
        regions: the most suspicious parts, most suspicious first; empty when none reaches the threshold.
        copies: pairs of regions that repeat each other.
        opinions: opinions of every system and trace used, including those that are not applicable.
        maps: names of the maps in the finding, the mask first.
        void_maps: map that is not drawn → why.
        explanations: names of the maps of a network that only explains; empty unless asked for.
        agreements: how far other maps mark the same place as the mask.
        counter_tests: empty unless asked for.
        history: what happened to the file, as far as can be told, one sentence each.
        facts: what the file states about itself; none of it is in the score.
        limits: what the finding cannot tell, one sentence each.
        evidence: the file as found.
        versions: versions of everything that the result depends on; weights by SHA-256.
        absent: field of this document that is null → why.
    """

    schema_version: str = SCHEMA_VERSION
    file: str
    sha256: str
    width: Pixels
    height: Pixels
    outcome: Outcome
    score: Share | None
    log10_lr: float | None
    log10_lr_constant: float | None
    false_alarm_rate: Share | None
    because: Because | None = None
    priority: Priority = "low"
    alone: Alone | None = None
    power: tuple[Power, ...] = ()
    thresholds: tuple[Share, Share] | None
    kind: Kind | None
    kinds: dict[str, Share]
    kind_opinions: tuple[KindOpinion, ...] = ()
    mask_file: str | None = None
    mask_threshold: Share | None
    marked_share: Share | None
    regions: tuple[MarkedRegion, ...]
    copies: tuple[CopiedPair, ...] = ()
    opinions: tuple[Opinion, ...]
    maps: tuple[str, ...]
    void_maps: dict[str, str]
    explanations: tuple[str, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    counter_tests: tuple[CounterTest, ...] = ()
    history: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    limits: tuple[str, ...]
    evidence: FileFacts
    versions: dict[str, str]
    absent: dict[str, str]


class ErrorDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A file that could not be examined.

    Attributes:
        schema_version: version of this document's schema.
        file: the path as the caller named it.
        error: why not, in one sentence.
    """

    schema_version: str = SCHEMA_VERSION
    file: str
    error: str
