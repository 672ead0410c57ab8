"""What a file declares of having been generated becomes one sentence; nothing else does."""

import io

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tamperlens.evidence import Fact, declared_generated, file_facts, load_evidence
from tamperlens.evidence._provenance import Provenance, provenance_facts
from tamperlens.evidence._signature_files import load_signatures

PIXELS = np.arange(64 * 64 * 3, dtype=np.uint8).reshape(64, 64, 3)
TRAINED = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
XMP = '<a xmlns:p="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" p:{}="{}"/>'


def _declared(xmp="", **texts):
    info = PngImagePlugin.PngInfo()
    if xmp:
        info.add_itxt("XML:com.adobe.xmp", xmp)
    for key, text in texts.items():
        info.add_text(key, text)
    buffer = io.BytesIO()
    Image.fromarray(PIXELS).save(buffer, "PNG", pnginfo=info)
    return declared_generated(file_facts(load_evidence(buffer.getvalue())))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"xmp": XMP.format("DigitalSourceType", TRAINED)},
            "made by a trained model (XMP:Iptc4xmpExt:DigitalSource",
        ),
        ({"xmp": XMP.format("AISystemUsed", "Gemini 3 Image")}, "the AI system 'Gemini 3 Image'"),
        ({"Software": "Midjourney"}, "names an image generator: 'Midjourney' (PNG:Software)"),
        ({"parameters": "a cat\nSteps: 20, Sampler: Euler, Seed: 5"}, "settings of an image generator"),
        ({"prompt": '{"3": {"class_type": "KSampler", "inputs": {"seed": 5, "cfg_scale": 7}}}'}, "settings"),
        ({"Comment": "carries an invisible SynthID watermark"}, "SynthID"),
    ],
)
def test_who_declares_it(options, words):
    said = _declared(**options)
    assert words in said
    assert said.endswith("whether that is so was not checked.")
    assert said.count(".") == 1 or "Gemini 3" in said


@pytest.mark.parametrize(
    "texts",
    [
        {},
        {"Software": "GIMP 2.10"},
        {"Description": "una imagen de la cápsula Gemini"},
        {
            "xmp": XMP.format(
                "DigitalSourceType", TRAINED.replace("trainedAlgorithmicMedia", "digitalCapture")
            )
        },
    ],
)
def test_nothing_declares_it(texts):
    assert _declared(**texts) == ""


def test_a_signed_manifest_leads_and_the_rest_is_named():
    known = load_signatures().software
    signed = Provenance("trusted", "APP11", "DALL·E 3", source_types=(TRAINED,), watermarked=True)
    facts = [
        Fact("generation", "A text holds settings.", "notable", "PNG:x", "Anyone can."),
        *provenance_facts(signed, known),
    ]
    said = declared_generated(facts)
    assert said == (
        "The file declares its picture to be made by a trained model (C2PA in APP11), as do its statements "
        "in PNG:x."
    )
    assert sum(fact.topic == "generation" for fact in facts) == 4


def test_a_broken_manifest_convinces_nobody():
    broken = Provenance(
        "invalid", "APP11", source_types=(TRAINED,), failures=("assertion.dataHash.mismatch",)
    )
    said = declared_generated(provenance_facts(broken))
    assert said.endswith("whether that is so was not checked.")
    cautions = [fact.caution for fact in provenance_facts(broken) if fact.topic == "generation"]
    assert cautions == ["The manifest is not valid."]
