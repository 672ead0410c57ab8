"""Which service or program a file came through last, told by the traces it leaves in a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from tamperlens.evidence._camera import EXPOSURE, size_facts
from tamperlens.evidence._channel_files import ChannelProfile, ChannelWay
from tamperlens.evidence._embedded import Embedded, read_embedded
from tamperlens.evidence._jpeg_signatures import match_signatures
from tamperlens.evidence._load import Evidence
from tamperlens.evidence._signature_files import Signatures, load_signatures
from tamperlens.evidence._software import names_editor

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Channel:
    """The last stop of a file before it came here.

    Attributes:
        name: short name, such as "whatsapp"; "unknown" when there is no sign of any.
        title: the name used in a sentence.
        certain: whether the signs leave only this channel and `others`, unless metadata was forged.
        others: names of channels that fit the same signs.
        reason: what decided, one sentence.
        removes: what the channel drops or destroys, worded to follow "removes"; "" when unknown.
        recompresses: whether it saves files again with loss; None when unknown.
    """

    name: str
    title: str
    certain: bool
    others: tuple[str, ...]
    reason: str
    removes: str
    recompresses: bool | None


@dataclass(frozen=True)
class _Fit:
    """A channel with a way that fits, and the matching signs in words."""

    profile: ChannelProfile
    way: ChannelWay
    signs: tuple[str, ...]
    told: bool  # by file name or a statement in metadata

    @property
    def rank(self) -> tuple[bool, bool]:
        return self.way.decides, self.told

    @property
    def signed(self) -> tuple[int, bool]:
        """How many signs fit; on a tie, a channel that stands for many programs is likelier."""
        return len(self.signs), self.profile.generic


def channel(evidence: Evidence, signatures: Signatures | None = None) -> Channel:
    """Tell which channel a file came through last.

    Args:
        evidence: the file.
        signatures: descriptions of channels; when None, the shipped ones and the user's own.
    """
    signatures = signatures or load_signatures()
    seen = _Seen(evidence, read_embedded(evidence), signatures)
    fits = [
        fit for profile in signatures.channels for way in profile.ways if (fit := _fit(seen, profile, way))
    ]
    if not fits:
        reason = "Nothing in the file shows what it came through last."
        return Channel(UNKNOWN, "unknown", False, (), reason, "", None)
    highest = max(fit.rank for fit in fits)
    level = [fit for fit in fits if fit.rank == highest]
    best = max(level, key=lambda fit: fit.signed)
    others = {fit.profile.name: fit.profile for fit in level if fit.profile.name != best.profile.name}
    return Channel(
        name=best.profile.name,
        title=best.profile.title,
        certain=best.way.decides,
        others=tuple(others),
        reason=_reason(best, tuple(profile.title for profile in others.values())),
        removes=best.profile.removes,
        recompresses=best.profile.recompresses,
    )


def _reason(best: _Fit, others: tuple[str, ...]) -> str:
    signs = _listed(best.signs)
    also = f", or {_listed(others)}, which would leave the same signs" if others else ""
    if best.way.decides:
        return f"The file came last from {best.profile.title}{also}: {signs}."
    return (
        f"The file may have come last from {best.profile.title}{also}: {signs}, but any file can have that."
    )


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


class _Seen:
    """What the ways are compared with; each part is measured when first asked for."""

    def __init__(self, evidence: Evidence, embedded: Embedded, signatures: Signatures) -> None:
        self.evidence, self.embedded, self._signatures = evidence, embedded, signatures

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Tag → text of everything that the file states."""
        iptc = self.embedded.resources.iptc if self.embedded.resources else {}
        xmp = {f"XMP:{key}": text for key, text in self.embedded.xmp_values.items()}
        return {**self.evidence.metadata, **xmp, **{f"IPTC:{key}": text for key, text in iptc.items()}}

    @cached_property
    def writers(self) -> tuple[tuple[str, str], ...]:
        """Writers whose exact tables the file has, and their settings."""
        if self.evidence.jpeg is None:
            return ()
        matches = match_signatures(self.evidence.jpeg, self._signatures)
        return tuple((match.writer, match.setting) for match in matches if match.exact)

    @cached_property
    def features(self) -> frozenset[str]:
        """The `FEATURES` that the file has."""
        texts, embedded = self.texts, self.embedded
        taken = "Exif:DateTimeOriginal" in texts
        there = {
            "camera": bool(texts.get("EXIF:Make") or texts.get("EXIF:Model")),
            "exposure": taken and any(tag in texts for tag in EXPOSURE),
            "maker note": bool(embedded.exif and embedded.exif.maker_note),
            "editor": names_editor(self.evidence, embedded, self._signatures),
            "scaled": any(fact.weight == "contradiction" for fact in size_facts(self.evidence)),
            "exif": embedded.exif is not None,
            "xmp": embedded.xmp is not None,
            "iptc": bool(embedded.resources and embedded.resources.iptc),
        }
        return frozenset(name for name, is_there in there.items() if is_there)


def _fit(seen: _Seen, profile: ChannelProfile, way: ChannelWay) -> _Fit | None:
    """The signs of a way that a file has; None when it lacks a required one."""
    if not (_coding_fits(seen.evidence, way) and _features_fit(seen, way)):
        return None
    told, sized = tuple(_told(seen, way)), tuple(_sized(seen.evidence, way))
    if (_asks_who(way) and not told and not sized) or (told and not sized and _too_large(seen.evidence, way)):
        return None
    tables = tuple(_tables(seen, way))
    if way.tables and not tables:
        return None
    has = (f"it has {_listed(tuple(sorted(way.has)))} data and no sign of an editor",) if way.has else ()
    return _Fit(profile, way, (*told, *sized, *tables, *_coding(seen.evidence, way), *has), bool(told))


def _asks_who(way: ChannelWay) -> bool:
    return bool(way.file_name or way.states or way.longest or way.width or way.sizes)


def _coding_fits(evidence: Evidence, way: ChannelWay) -> bool:
    """Whether format, quality, sampling and scans match the way; only JPEG files have the last three."""
    if way.formats and evidence.format not in way.formats:
        return False
    structure = evidence.jpeg
    if structure is None:
        return not way.tables and way.progressive is None
    return (
        (way.quality is None or way.quality[0] <= structure.quality <= way.quality[1])
        and (not way.sampling or structure.subsampling in {*way.sampling, "gray"})
        and way.progressive in {None, structure.progressive}
    )


def _features_fit(seen: _Seen, way: ChannelWay) -> bool:
    return not (way.has or way.lacks) or (way.has <= seen.features and not way.lacks & seen.features)


def _told(seen: _Seen, way: ChannelWay) -> Iterator[str]:
    """File name and statements that fit."""
    if fits_name(way, seen.evidence.name):
        yield "its name is of that kind"
    for statement in way.states:
        for tag in statement.where:
            if statement.says.fullmatch(seen.texts.get(tag, "")):
                yield f"{tag} says '{seen.texts[tag][:40]}'"


def fits_name(way: ChannelWay, name: str) -> bool:
    """Whether a file name matches a way's pattern."""
    return way.file_name is not None and way.file_name.fullmatch(name) is not None


def largest(way: ChannelWay) -> int:
    """The longest side that a way delivers, in pixels; 0 when unknown."""
    return max((*way.longest, *(long for long, _ in way.sizes)), default=0)


def _too_large(evidence: Evidence, way: ChannelWay) -> bool:
    longest = largest(way)
    return bool(longest and max(evidence.width, evidence.height) > longest) or bool(
        way.width and evidence.width > max(way.width)
    )


def _sized(evidence: Evidence, way: ChannelWay) -> Iterator[str]:
    longer, shorter = max(evidence.width, evidence.height), min(evidence.width, evidence.height)
    if longer in way.longest:
        yield f"its longer side has {longer} px"
    if evidence.width in way.width:
        yield f"its width is {evidence.width} px"
    if (longer, shorter) in way.sizes:
        yield f"{longer}×{shorter} px is a common screen's size"


def _tables(seen: _Seen, way: ChannelWay) -> Iterator[str]:
    for writer, setting in seen.writers:
        if writer.startswith(way.tables):
            yield f"its tables are those of {writer.partition(' (')[0]}, {setting}"
            return


def _coding(evidence: Evidence, way: ChannelWay) -> Iterator[str]:
    if evidence.jpeg is None:
        return
    if way.quality and not way.tables:
        yield f"its JPEG quality is near {evidence.jpeg.quality}"
    if way.progressive:
        yield "it is coded progressively"
