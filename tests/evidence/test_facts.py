"""What files state about themselves: files made here, whose truth is known."""

import io
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from tamperlens.evidence import encode_jpeg, file_facts, load_evidence, read_statements
from tamperlens.evidence._embedded import read_embedded

MAKE, MODEL, ORIENTATION, SOFTWARE, CHANGED = 0x010F, 0x0110, 0x0112, 0x0131, 0x0132
EXIF_IFD, GPS_IFD = 0x8769, 0x8825
EXPOSURE, TAKEN, DIGITISED, NOTE, WIDTH, HEIGHT = 0x829A, 0x9003, 0x9004, 0x927C, 0xA002, 0xA003
ZONE = 0x9011


def _exif(image=None, exif=None, gps=None):
    block = Image.Exif()
    block.update(image or {})
    block.get_ifd(EXIF_IFD).update(exif or {})
    block.get_ifd(GPS_IFD).update(gps or {})
    return block


def _facts(photo, name="", extra=b"", quality=90, **options):
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, "JPEG", quality=quality, **options)
    data = buffer.getvalue()
    evidence = load_evidence(data[:2] + extra + data[2:], name=name)
    return file_facts(evidence)


def _found(facts, topic, weight=None):
    return [f.statement for f in facts if f.topic == topic and weight in {None, f.weight}]


def _segment(marker, payload):
    return bytes([0xFF, marker]) + (len(payload) + 2).to_bytes(2, "big") + payload


CAMERA = {MAKE: "Canon", MODEL: "Canon EOS 5D"}


def test_a_plain_file_has_nothing_to_notice(photo):
    facts = _facts(photo)
    assert {fact.weight for fact in facts} == {"neutral"}
    assert "quality 90" in _found(facts, "tables")[0]


def test_a_sound_camera_file_has_nothing_to_notice(photo):
    """Without JFIF, as cameras write: Pillow's segment is cut out."""
    dates = dict.fromkeys((TAKEN, DIGITISED), "2024:05:01 10:00:00")
    exif = _exif(
        CAMERA | {CHANGED: "2024:05:01 10:00:00"},
        dates | {EXPOSURE: 0.01, NOTE: b"\x01" * 64, WIDTH: photo.shape[1], HEIGHT: photo.shape[0]},
    )
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, "JPEG", exif=exif)
    data = buffer.getvalue()
    assert data[2:4] == b"\xff\xe0"
    facts = file_facts(load_evidence(data[:2] + data[4 + int.from_bytes(data[4:6], "big") :]))
    assert {fact.weight for fact in facts} == {"neutral"}
    assert "Canon EOS 5D" in _found(facts, "camera")[0]


@pytest.mark.parametrize(
    ("taken", "digitised", "changed", "weight", "words"),
    [
        (
            "2024:05:03 10:00:00",
            "2024:05:03 10:00:00",
            "2024:05:01 10:00:00",
            "contradiction",
            "2 days before",
        ),
        (
            "2024:05:03 10:00:00",
            "2024:04:03 10:00:00",
            "2024:05:03 10:00:00",
            "contradiction",
            "30 days before",
        ),
        ("2024:05:03 10:00:00", "2024:05:03 10:00:00", "2024:05:03 08:00:00", "notable", "2 hours before"),
        ("2024:05:03 10:00:00", "2024:05:03 10:00:00", "2024:05:09 10:00:00", "notable", "6 days after"),
        ("2024:13:03 10:00:00", "2024:05:03 10:00:00", "2024:05:03 10:00:00", "notable", "not a date"),
    ],
)
def test_dates_in_the_wrong_order(photo, taken, digitised, changed, weight, words):
    facts = _facts(photo, exif=_exif({CHANGED: changed}, {TAKEN: taken, DIGITISED: digitised}))
    assert [words in statement for statement in _found(facts, "dates")] == [True]
    assert _found(facts, "dates", weight)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "    :  :     :  :  ", "2024:05:03 10:00:00"])
def test_unset_and_equal_dates_say_nothing(photo, taken):
    facts = _facts(photo, exif=_exif({CHANGED: "2024:05:03 10:00:03"}, {TAKEN: taken}))
    assert not _found(facts, "dates")


@pytest.mark.parametrize(
    ("hour", "zone", "noticed"),
    [(8, None, 0), (8, "+02:00", 0), (8, "-05:00", 1), (20, None, 0), (23, None, 1)],
)
def test_gps_time_allows_for_time_zones(photo, hour, zone, noticed):
    gps = {29: "2024:05:03", 7: (hour, 0, 0)}
    exif = {TAKEN: "2024:05:03 10:00:00"} | ({ZONE: zone} if zone else {})
    assert len(_found(_facts(photo, exif=_exif({}, exif, gps)), "dates", "notable")) == noticed


@pytest.mark.parametrize(
    ("width", "height", "weight", "words"),
    [
        (768, 512, "contradiction", "as if scaled"),
        (400, 300, "contradiction", "as if cropped"),
        (256, 384, "notable", "swapped"),
    ],
)
def test_a_stated_size_that_does_not_fit(photo, width, height, weight, words):
    facts = _facts(photo, exif=_exif({}, {WIDTH: width, HEIGHT: height}))
    assert [words in statement for statement in _found(facts, "size", weight)] == [True]


@pytest.mark.parametrize(
    ("width", "height", "orientation"), [(384, 256, 1), (384, 256, 6), (0, 0, 1), (384, 256, 3)]
)
def test_a_stated_size_that_fits_or_is_none(photo, width, height, orientation):
    facts = _facts(photo, exif=_exif({ORIENTATION: orientation}, {WIDTH: width, HEIGHT: height}))
    assert not _found(facts, "size")


def test_a_camera_that_drops_its_maker_note(photo):
    assert _found(_facts(photo, exif=_exif(CAMERA, {EXPOSURE: 0.01})), "camera", "notable")
    other = CAMERA | {MAKE: "ACME"}
    assert not _found(_facts(photo, exif=_exif(other, {EXPOSURE: 0.01})), "camera", "notable")
    assert _found(_facts(photo, exif=_exif(other)), "camera", "notable")


def test_saved_by_photoshop(photo):
    """Its tables, its segments, its name and its history, as "Save As" leaves them."""
    iptc = b"\x1c\x02\x50\x00\x04Anna"
    resources = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + len(iptc).to_bytes(4, "big") + iptc + b"\x00"
    xmp = (
        b"http://ns.adobe.com/xap/1.0/\x00"
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Adobe Photoshop 25.0"'
        b' xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"'
        b' xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#">'
        b'<xmpMM:History><rdf:Seq><rdf:li stEvt:action="created" stEvt:when="2024-05-01T10:00:00"/>'
        b'<rdf:li rdf:parseType="Resource"><stEvt:action>saved</stEvt:action>'
        b"<stEvt:softwareAgent>Adobe Photoshop 25.0</stEvt:softwareAgent></rdf:li></rdf:Seq></xmpMM:History>"
        b'<xmpMM:DerivedFrom rdf:parseType="Resource"/></rdf:Description></rdf:RDF></x:xmpmeta>'
    )
    extra = (
        _segment(0xE1, xmp) + _segment(0xED, resources) + _segment(0xEE, b"Adobe\x00d\x00\x00\x00\x00\x01")
    )
    facts = _facts(
        photo, extra=extra, quality="maximum", exif=_exif(CAMERA | {SOFTWARE: "Adobe Photoshop 25.0"})
    )
    assert len(_found(facts, "software", "notable")) == 2
    assert [
        "created, 2024-05-01T10:00:00; saved, Adobe Photoshop 25.0" in text
        for text in _found(facts, "history")
    ] == [True, False]
    assert any("Save As, quality 10" in text for text in _found(facts, "tables", "notable"))
    assert any("image resources" in text for text in _found(facts, "layout", "notable"))
    assert any("Adobe's segment" in text for text in _found(facts, "layout", "neutral"))


def test_a_crop_with_its_old_thumbnail(photo):
    small = Image.fromarray(photo).resize((160, 107), Image.Resampling.BOX)
    thumbnail = encode_jpeg(np.asarray(small), 70)
    head = b"II*\x00\x08\x00\x00\x00" + b"\x00\x00" + (14).to_bytes(4, "little")
    entries = b"\x02\x00\x01\x02\x04\x00\x01\x00\x00\x00" + (44).to_bytes(4, "little")
    entries += b"\x02\x02\x04\x00\x01\x00\x00\x00" + len(thumbnail).to_bytes(4, "little") + bytes(4)
    exif = b"Exif\x00\x00" + head + entries + thumbnail
    assert not _found(_facts(photo, exif=exif), "thumbnail", "contradiction")
    assert len(_found(_facts(photo, exif=exif), "thumbnail", "neutral")) == 1
    cropped = _found(_facts(photo[40:240, 60:330], exif=exif), "thumbnail", "contradiction")
    assert len(cropped) == 1
    assert "is only 5" in cropped[0]
    forged = photo.copy()
    forged[60:190, 100:280] = photo[::-1, ::-1][60:190, 100:280]
    assert _found(_facts(forged, exif=exif), "thumbnail", "contradiction")


def test_passed_on_by_a_messenger(photo):
    facts = _facts(photo, name="IMG-20240501-WA0007.jpg")
    assert [("WhatsApp" in text) for text in _found(facts, "way", "notable")] == [True]
    assert not _found(_facts(photo, name="IMG_20240501_100000.jpg"), "way")
    large = np.tile(photo, (1, 11, 1))
    assert len(_found(_facts(large, name="IMG-20240501-WA0007.jpg"), "way", "notable")) == 2


def test_delivered_by_facebook(photo):
    text = b"FBMD01000ac603"
    iptc = b"\x1c\x02\x28" + len(text).to_bytes(2, "big") + text
    resources = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + len(iptc).to_bytes(4, "big") + iptc
    assert any("FBMD" in text for text in _found(_facts(photo, extra=_segment(0xED, resources)), "way"))


def _png(photo, **texts):
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, "PNG", pnginfo=info)
    return buffer.getvalue()


def test_generators_that_name_themselves(photo):
    stated = file_facts(load_evidence(_png(photo, parameters="a cat, Steps: 20, Sampler: Euler")))
    assert any("Stable Diffusion" in text for text in _found(stated, "software", "notable"))
    named = file_facts(load_evidence(_png(photo, Software="Midjourney")))
    assert any("generator" in text for text in _found(named, "generation", "notable"))
    source = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    xmp = f'<a xmlns:p="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" p:DigitalSourceType="{source}"/>'
    declared = file_facts(load_evidence(_png(photo, **{"XML:com.adobe.xmp": "unread", "Title": "x"})))
    assert not _found(declared, "generation")
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", xmp, zip=True)
    buffer = io.BytesIO()
    Image.fromarray(photo).save(buffer, "PNG", pnginfo=info)
    found = _found(file_facts(load_evidence(buffer.getvalue())), "generation", "notable")
    assert found == ["The file declares its picture to be made by a trained model."]


@pytest.mark.parametrize(
    ("trailer", "weight", "words"),
    [
        (b"\x00" * 50, "neutral", "padding"),
        (b"PK\x03\x04" + b"x" * 50, "notable", "ZIP"),
        (b"\x00\x00\x00\x18ftypmp42" + b"x" * 50, "neutral", "video"),
        (b"secret", "notable", "6 bytes of unknown"),
    ],
)
def test_what_follows_the_image(photo, trailer, weight, words):
    data = encode_jpeg(photo, 90) + trailer
    assert any(words in text for text in _found(file_facts(load_evidence(data)), "layout", weight))
    assert not _found(file_facts(load_evidence(encode_jpeg(photo, 90))), "layout")


def test_hostile_text_stays_a_short_printable_line(photo):
    name = "\x1b[31m\u202eevil" + "A" * 5000 + "Photoshop"
    facts = _facts(
        photo, name="IMG-20240501-WA0007\x00\n.jpg", exif=_exif({MAKE: name, SOFTWARE: "GIMP\x07" + name})
    )
    assert _found(facts, "software", "notable")
    for fact in facts:
        assert fact.statement.isprintable()
        assert len(fact.statement) < 1000


def test_a_document_is_called_one(photo):
    page = Image.new("RGB", (420, 560), (250, 250, 248))
    draw = ImageDraw.Draw(page)
    for line in range(30, 530, 26):
        draw.text((30, line), "All that is written here is text", (20, 20, 25), ImageFont.load_default(17))
    stated = read_statements(load_evidence(_png(np.asarray(page))))
    assert stated.scope.kind == "document"
    assert _found(stated.facts, "scope", "notable")
    assert read_statements(load_evidence(encode_jpeg(photo, 60))).scope.kind == "photograph"


def test_an_xmp_bomb_is_left_unread(photo):
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;</a>'
    chunk = b"iTXtXML:com.adobe.xmp\x00\x01\x00\x00\x00" + zlib.compress(bomb + bytes(300 << 20), 1)
    data = _png(photo)
    bad = len(chunk[4:]).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    # Pillow refuses the file; the reader by itself stays bounded.
    from tamperlens.evidence._container import read_parts
    from tamperlens.evidence._xmp import MAX_PACKET, find_xmp, read_xmp

    whole = data[:33] + bad + data[33:]
    packet = find_xmp(whole, "PNG", read_parts(whole, "PNG"))
    assert len(packet) == MAX_PACKET
    found = read_xmp(packet)
    assert not found.whole
    assert not found.values
    assert read_embedded(load_evidence(data)).xmp is None


SETTINGS = (
    "a photograph of a harbour, 35 mm, " + "very detailed, " * 60 + "\nNegative prompt: blurry\n"
    "Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 7, Seed: 1234567, Size: 512x512, Model hash: 6ce0161689"
)
GRAPH = '{"3": {"class_type": "KSampler", "inputs": {"seed": 5, "steps": 20, "sampler_name": "euler"}}}'


@pytest.mark.parametrize("text", [SETTINGS, GRAPH])
@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le", "utf-16-be"])
def test_a_generators_settings_in_the_user_comment(photo, text, encoding):
    head = b"ASCII\x00\x00\x00" if encoding == "ascii" else b"UNICODE\x00"
    facts = _facts(photo, exif=_exif({}, {0x9286: head + text.encode(encoding)}))
    assert any("settings of an image generator" in said for said in _found(facts, "generation", "notable"))


def test_a_generators_settings_in_a_png_text_of_any_name_and_in_a_comment(photo):
    for name in ("parameters", "Comment", "notes"):
        facts = file_facts(load_evidence(_png(photo, **{name: SETTINGS})))
        assert any(
            "settings of an image generator" in said for said in _found(facts, "generation", "notable")
        )
    facts = _facts(photo, comment=SETTINGS.encode())
    assert any("settings of an image generator" in said for said in _found(facts, "generation", "notable"))


def test_a_generators_settings_in_xmp_and_a_job_of_midjourney(photo):
    for text, words in (
        (SETTINGS, "settings of an image generator"),
        ("a harbour --ar 3:2 --v 6 Job ID: 1a2b3c4d-0000-1111-2222-333344445555", "Midjourney"),
    ):
        xmp = (
            b"http://ns.adobe.com/xap/1.0/\x00"
            b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc xmlns="http://purl.org/dc/elements/1.1/">'
            + text.encode()
            + b"</dc></x:xmpmeta>"
        )
        facts = _facts(photo, extra=_segment(0xE1, xmp))
        assert any(words in said for said in _found(facts, "generation", "notable"))


@pytest.mark.parametrize(
    "text",
    ["Seed: sunflower, 12 steps from the door", "three steps: one, two", "exposure: 3", ""],
)
def test_ordinary_texts_are_no_settings(photo, text):
    facts = _facts(photo, comment=text.encode(), exif=_exif({0x010E: text}))
    assert not any("generator" in said for said in _found(facts, "generation"))


def _xmp_date(name, value):
    space = {"xmp": "http://ns.adobe.com/xap/1.0/", "photoshop": "http://ns.adobe.com/photoshop/1.0/"}[
        name.split(":", maxsplit=1)[0]
    ]
    prefix = name.split(":", maxsplit=1)[0]
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><d xmlns:{prefix}="{space}" {name}="{value}"/></x:xmpmeta>'
    return _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + packet.encode())


@pytest.mark.parametrize(
    ("name", "value", "weight"),
    [
        ("photoshop:DateCreated", "2024-05-03T10:00:00", None),
        ("photoshop:DateCreated", "2024-05-03T10:00:30+02:00", None),
        ("photoshop:DateCreated", "2024-05-03T08:00:00Z", "notable"),
        ("photoshop:DateCreated", "2024-05-09T10:00:00", "contradiction"),
        ("xmp:CreateDate", "2023-05-03T10:00:00", "contradiction"),
        ("xmp:ModifyDate", "2024-05-03T15:00:00", "notable"),
        ("xmp:ModifyDate", "never", None),
    ],
)
def test_dates_of_xmp_against_those_of_exif(photo, name, value, weight):
    date = "2024:05:03 10:00:00"
    facts = _facts(
        photo, extra=_xmp_date(name, value), exif=_exif({CHANGED: date}, {TAKEN: date, DIGITISED: date})
    )
    assert [fact.weight for fact in facts if fact.topic == "dates"] == ([weight] if weight else [])
    if weight:
        assert name in next(fact.source for fact in facts if fact.topic == "dates")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_turn_of_an_avif_contradicts_nothing(photo, orientation):
    """Its irot and imir turn it, whichever way round EXIF states its sides."""
    for width, height in ((384, 256), (256, 384)) if orientation >= 5 else ((384, 256),):
        block, buffer = _exif({ORIENTATION: orientation}, {WIDTH: width, HEIGHT: height}), io.BytesIO()
        Image.fromarray(photo).save(buffer, "AVIF", exif=block)
        assert not _found(file_facts(load_evidence(buffer.getvalue())), "size")
