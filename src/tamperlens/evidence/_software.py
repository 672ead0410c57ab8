"""What a file states about the programs that wrote it: editors, generators, histories, declared sources."""

import re
from collections.abc import Iterator, Mapping

from tamperlens.evidence._embedded import Embedded
from tamperlens.evidence._fact import Fact, Weight
from tamperlens.evidence._generation import GENERATION
from tamperlens.evidence._load import Evidence
from tamperlens.evidence._signature_files import Signatures, Software

_TAGS = (
    "EXIF:Software",
    "EXIF:ProcessingSoftware",
    "EXIF:HostComputer",
    "EXIF:ImageDescription",
    "EXIF:Artist",
    "JPEG:comment",
    "GIF:comment",
    "PNG:Software",
    "PNG:Comment",
    "PNG:Description",
    "PNG:Source",
)
_XMP_TAGS = ("xmp:CreatorTool", "photoshop:Credit", "photoshop:Source", "tiff:Software")
# Tags where a program names itself as the writer; elsewhere its name may describe what the picture shows.
_MAKERS = ("EXIF:Software", "EXIF:ProcessingSoftware", "PNG:Software", "PNG:Source", "XMP:xmp:CreatorTool",
           "XMP:tiff:Software", "XMP:photoshop:Credit", "XMP:photoshop:Source", "IPTC:OriginatingProgram",
           "IPTC:Credit")  # fmt: skip
# Keywords under which image generators store their settings in PNG files.
_GENERATOR_KEYWORDS = {
    "parameters": "Stable Diffusion web UI",
    "prompt": "ComfyUI",
    "workflow": "ComfyUI",
    "Dream": "InvokeAI",
    "sd-metadata": "InvokeAI",
    "invokeai_metadata": "InvokeAI",
    "generation_data": "an image generator",
    "fooocus_scheme": "Fooocus",
}
# IPTC's digital source types: last part of the address → what it declares.
_SOURCES: dict[str, tuple[str, Weight]] = {
    "trainedAlgorithmicMedia": ("made by a trained model", "notable"),
    "compositeWithTrainedAlgorithmicMedia": ("composed with parts made by a trained model", "notable"),
    "compositeSynthetic": ("composed with synthetic parts", "notable"),
    "algorithmicMedia": ("made by an algorithm", "notable"),
    "algorithmicallyEnhanced": ("enhanced by an algorithm", "notable"),
    "dataDrivenMedia": ("made from data", "notable"),
    "composite": ("composed of several pictures", "notable"),
    "compositeCapture": ("composed of several photographs", "notable"),
    "humanEdits": ("edited by a person", "notable"),
    "minorHumanEdits": ("slightly edited by a person", "notable"),
    "digitalArt": ("drawn with a program", "notable"),
    "digitalCreation": ("made with a program", "notable"),
    "virtualRecording": ("recorded from a virtual scene", "notable"),
    "screenCapture": ("a screenshot", "notable"),
    "digitalCapture": ("taken with a digital camera", "neutral"),
    "computationalCapture": ("computed by a camera from several exposures", "neutral"),
    "negativeFilm": ("scanned from a negative", "neutral"),
    "positiveFilm": ("scanned from a slide", "neutral"),
    "print": ("scanned from a print", "neutral"),
}
# Those that declare the picture, or parts of it, generated.
_GENERATED = (
    "trainedAlgorithmicMedia",
    "compositeWithTrainedAlgorithmicMedia",
    "algorithmicMedia",
    "compositeSynthetic",
)
_MAX_STEPS = 12
# What generators call their settings; several of them in one text are no accident.
_SETTINGS = re.compile(
    r"\b(steps|sampler|scheduler|schedule type|cfg scale|guidance scale|seed|model hash|negative prompt"
    r"|denoising strength|clip skip|sampler_name|class_type|ckpt_name|negative_prompt|guidance_scale"
    r"|num_inference_steps|cfg_scale|uc)\b[\"']?\s*[:=]",
    re.IGNORECASE,
)
_ENOUGH_SETTINGS = 3
# A Midjourney job, with or without its parameters.
_JOB = re.compile(
    r"\bJob ID: ?[0-9a-f]{8}-[0-9a-f]{4}|\s--(?:ar|stylize|niji|chaos|v) [\w:.]+\s.*--(?:ar|stylize|v) "
)


def software_facts(evidence: Evidence, embedded: Embedded, signatures: Signatures) -> Iterator[Fact]:
    """Facts on the programs named in a file."""
    yield from _named(_statements(evidence, embedded), signatures.software)
    yield from _generator_texts(embedded)
    yield from _generator_settings(embedded)
    yield from _systems(embedded)
    yield from _history(embedded)
    source = embedded.xmp_values.get("Iptc4xmpExt:DigitalSourceType", "")
    if source:
        yield source_type_fact(source, "XMP:Iptc4xmpExt:DigitalSourceType")


def names_editor(evidence: Evidence, embedded: Embedded, signatures: Signatures) -> bool:
    """Whether a file names a program that changes pictures, or records an edit history."""
    texts = [text.lower() for text in _statements(evidence, embedded).values()]
    editors = [software.word for software in signatures.software if software.kind == "editor"]
    return any(word in text for word in editors for text in texts) or bool(
        embedded.xmp and embedded.xmp.history
    )


def source_type_fact(source: str, where: str) -> Fact:
    """What a digital source type declares; the names are IPTC's.

    Args:
        source: its address or the last part of it; hostile text is made printable.
        where: the fact's source.
    """
    name = source.rstrip("/").rpartition("/")[2]
    words, weight = _SOURCES.get(name, (f"of the source type '{name[:60]}'", "notable"))
    topic = GENERATION if name in _GENERATED else "origin"
    return Fact(topic, f"The file declares its picture to be {words}.", weight, where)


def _statements(evidence: Evidence, embedded: Embedded) -> dict[str, str]:
    """Where → every text that may name a program."""
    values, iptc = embedded.xmp_values, embedded.resources.iptc if embedded.resources else {}
    found = {key: evidence.metadata[key] for key in _TAGS if evidence.metadata.get(key)}
    found |= {f"XMP:{key}": values[key] for key in _XMP_TAGS if values.get(key)}
    return found | {f"IPTC:{key}": iptc[key] for key in ("OriginatingProgram", "Credit") if iptc.get(key)}


def _named(statements: Mapping[str, str], known: tuple[Software, ...]) -> Iterator[Fact]:
    for where, text in statements.items():
        kinds = {software.kind for software in known if software.word in text.lower()}
        if "generator" in kinds:
            topic = GENERATION if where in _MAKERS else "software"
            yield Fact(topic, f"The file names an image generator: '{text[:80]}'.", "notable", where)
        elif "editor" in kinds:
            caution = "Such programs are also used just to copy, rate or convert pictures."
            yield Fact("software", f"The file names an editor: '{text[:80]}'.", "notable", where, caution)
        elif kinds:
            yield Fact("software", f"The file names a {min(kinds)} program: '{text[:80]}'.", "neutral", where)


def _generator_texts(embedded: Embedded) -> Iterator[Fact]:
    found = {key: _GENERATOR_KEYWORDS[key] for key in embedded.texts if key in _GENERATOR_KEYWORDS}
    for keyword, program in found.items():
        yield Fact(
            "software",
            f"A text chunk is called '{keyword}', as {program} calls its settings.",
            "notable",
            f"PNG:{keyword}",
            "Anyone can add a text chunk.",
        )


def _generator_settings(embedded: Embedded) -> Iterator[Fact]:
    """Settings of an image generator in any text, whatever the text is called."""
    for where, text in embedded.long_texts.items():
        named = dict.fromkeys(match[1].lower() for match in _SETTINGS.finditer(text))
        if len(named) >= _ENOUGH_SETTINGS:
            listed = ", ".join(list(named)[:6])
            statement = f"A text holds settings of an image generator ({listed})."
        elif _JOB.search(text):
            statement = "A text holds a job's number or parameters, as Midjourney writes them."
        else:
            continue
        yield Fact(GENERATION, statement, "notable", where, "Anyone can add such a text.")


def _systems(embedded: Embedded) -> Iterator[Fact]:
    """The AI system named in IPTC's field, and a generator's watermark declared in a text."""
    system = embedded.xmp_values.get("Iptc4xmpExt:AISystemUsed", "")
    if system:
        statement = f"The file declares its picture to be made by the AI system '{system[:80]}'."
        yield Fact(GENERATION, statement, "notable", "XMP:Iptc4xmpExt:AISystemUsed")
    for where, text in embedded.long_texts.items():
        if "synthid" in text.lower():
            yield watermark_fact(where)


def watermark_fact(where: str) -> Fact:
    """That a file declares SynthID; only its maker can tell whether the watermark is there.

    Args:
        where: the fact's source.
    """
    statement = "The file says that its picture carries SynthID, the watermark of Google's image generators."
    return Fact(GENERATION, statement, "notable", where, "The watermark itself was not looked for.")


def written_by_generator(name: str, known: tuple[Software, ...]) -> bool:
    """Whether a program's name is that of an image generator."""
    return any(software.kind == "generator" and software.word in name.lower() for software in known)


def _history(embedded: Embedded) -> Iterator[Fact]:
    """XMP's record of edits, and what the picture is said to derive from."""
    if embedded.xmp and embedded.xmp.history:
        steps = [_step(step) for step in embedded.xmp.history[:_MAX_STEPS]]
        more = len(embedded.xmp.history) - len(steps)
        statement = f"The file records its history: {'; '.join(steps)}" + (f"; {more} more." if more else ".")
        yield Fact("history", statement, "notable", "XMP:xmpMM:History")
    if "xmpMM:DerivedFrom" in embedded.xmp_values:
        yield Fact(
            "history", "The file states that it derives from another one.", "notable", "XMP:xmpMM:DerivedFrom"
        )


def _step(step: Mapping[str, str]) -> str:
    texts = [step.get(key, "")[:60] for key in ("action", "softwareAgent", "when")]
    return ", ".join(text for text in texts if text) or "unnamed step"
