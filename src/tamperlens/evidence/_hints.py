"""What name, size and tags suggest of a file's way: screenshot, messenger, social network, scan."""

from collections.abc import Iterator

from tamperlens.evidence._embedded import Embedded
from tamperlens.evidence._fact import Fact
from tamperlens.evidence._load import Evidence
from tamperlens.evidence._scope import Scope
from tamperlens.evidence._signature_files import Platform, Signatures

# Pixels of common screens, the longer side first: computers, then phones and tablets.
_SCREENS = frozenset(
    {
        (1280, 720), (1280, 800), (1280, 1024), (1366, 768), (1440, 900), (1536, 864), (1600, 900),
        (1680, 1050), (1920, 1080), (1920, 1200), (2048, 1536), (2560, 1080), (2560, 1440), (2560, 1600),
        (2880, 1800), (3024, 1964), (3440, 1440), (3456, 2234), (3840, 2160), (5120, 2880),
        (1334, 750), (1792, 828), (2208, 1242), (2436, 1125), (2532, 1170), (2556, 1179), (2622, 1206),
        (2688, 1242), (2778, 1284), (2796, 1290), (2868, 1320), (2160, 1080), (2220, 1080), (2240, 1080),
        (2280, 1080), (2340, 1080), (2388, 1668), (2400, 1080), (2412, 1080), (2640, 1080), (2732, 2048),
        (2960, 1440), (3040, 1440), (3088, 1440), (3120, 1440), (3200, 1440), (2992, 1344), (3168, 1440),
    }
)  # fmt: skip
_SCANNERS = (
    "scanner",
    "scanjet",
    "perfection v",
    "canoscan",
    "film scan",
    "coolscan",
    "scansnap",
    "epscan",
    "epson scan",
)
_FREE = "Names and sizes are free to choose: the file is compatible with it, no more."


def hint_facts(
    evidence: Evidence, embedded: Embedded, signatures: Signatures, found: Scope
) -> Iterator[Fact]:
    """Hints, each with its reason; none is a verdict."""
    camera = bool(evidence.metadata.get("EXIF:Make"))
    if found.kind != "photograph":
        caution = "The traces are made for photographs; on anything else they mislead."
        yield Fact(
            "scope", f"The pixels look like: {found.kind}. {found.reason}", "notable", "pixels", caution
        )
    for platform in signatures.platforms:
        yield from _platform_facts(evidence, platform, camera)
    if not camera and _size(evidence) in _SCREENS and evidence.format in {"PNG", "WEBP"}:
        size = f"{evidence.width}×{evidence.height}"
        yield Fact(
            "way",
            f"{size} pixels, lossless and without camera: a common screen's size.",
            "neutral",
            "size",
            _FREE,
        )
    yield from _tags(evidence, embedded)


def _platform_facts(evidence: Evidence, platform: Platform, camera: bool) -> Iterator[Fact]:
    source = f"{platform.source} ({platform.certainty})"
    if platform.name is not None and platform.name.fullmatch(evidence.name):
        yield Fact("way", f"The name is one that {platform.platform} gives.", "notable", source, _FREE)
        sizes = platform.longest | platform.width
        if sizes and max(evidence.width, evidence.height) > max(sizes):
            yield Fact(
                "way",
                f"The image is larger than the {max(sizes)} pixels that {platform.platform} delivers.",
                "notable",
                source,
                "Most messengers also send files unchanged when asked to.",
            )
    elif not camera and evidence.jpeg and _has_its_size(evidence, platform):
        yield Fact(
            "way", f"Size and tables are among those of {platform.platform}.", "neutral", source, _FREE
        )


def _has_its_size(evidence: Evidence, platform: Platform) -> bool:
    longest = max(evidence.width, evidence.height) in platform.longest
    structure = evidence.jpeg
    if structure is None or not (longest or evidence.width in platform.width):
        return False
    return not platform.quality or (structure.quality_is_exact and structure.quality in platform.quality)


def _size(evidence: Evidence) -> tuple[int, int]:
    return max(evidence.width, evidence.height), min(evidence.width, evidence.height)


def _tags(evidence: Evidence, embedded: Embedded) -> Iterator[Fact]:
    iptc = embedded.resources.iptc if embedded.resources else {}
    if iptc.get("SpecialInstructions", "").startswith("FBMD"):
        yield Fact(
            "way",
            "The IPTC instructions begin with FBMD, as in files that Facebook and Instagram deliver.",
            "notable",
            "IPTC:SpecialInstructions",
        )
    stated = " ".join(
        evidence.metadata.get(f"EXIF:{tag}", "") for tag in ("Make", "Model", "Software")
    ).lower()
    if any(word in stated for word in _SCANNERS):
        yield Fact("way", "The file states that a scanner made it.", "neutral", "EXIF:Model")
    if "screenshot" in evidence.metadata.get("Exif:UserComment", "").lower():
        yield Fact("way", "The file states that it is a screenshot.", "notable", "Exif:UserComment")
