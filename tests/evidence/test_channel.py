"""The channel a file came through last: by name, size, tables and metadata, no surer than they allow."""

import io

import pytest
import skimage.data
from PIL import Image

from tamperlens.evidence import channel, load_evidence, load_signatures
from tamperlens.evidence._signature_files import ENVIRONMENT

MAKE, MODEL, SOFTWARE, EXIF, TAKEN, EXPOSURE, NOTE, WIDTH, HEIGHT = (
    0x010F, 0x0110, 0x0131, 0x8769, 0x9003, 0x829A, 0x927C, 0xA002, 0xA003,
)  # fmt: skip


def _photo(width=640, height=480):
    return Image.fromarray(skimage.data.astronaut()).resize((width, height))


def _camera_block(width=640, height=480, **tags):
    exif = Image.Exif()
    exif[MAKE], exif[MODEL] = "Nikon", "D90"
    for tag, text in tags.items():
        exif[int(tag[1:], 16)] = text
    exif.get_ifd(EXIF).update(
        {TAKEN: "2024:05:01 10:00:00", EXPOSURE: 0.01, NOTE: b"x" * 64, WIDTH: width, HEIGHT: height}
    )
    return exif


def _channel(image, name="", **options):
    buffer = io.BytesIO()
    image.save(buffer, options.pop("format", "JPEG"), **options)
    return channel(load_evidence(buffer.getvalue(), name=name))


@pytest.mark.parametrize(
    ("name", "size", "options", "expected"),
    [
        ("IMG-20240501-WA0007.jpg", (1600, 1200), {"quality": 75}, "whatsapp"),
        ("WhatsApp Image 2024-05-01 at 10.00.00.jpeg", (1200, 1600), {"quality": 70}, "whatsapp"),
        ("photo_2024-05-01_10-00-00.jpg", (1280, 960), {"quality": 87}, "telegram"),
        ("signal-2024-05-01-10-00-00-123.jpg", (1600, 1200), {"quality": 70}, "signal"),
        ("mmexport1714550400000.jpg", (1280, 960), {"quality": 55}, "wechat"),
        ("F1aBcDeXgAAxYz_.jpg", (1200, 900), {"quality": 85, "progressive": True}, "x"),
        ("4380820_1016100_1712300_n.jpg", (1080, 1350), {"quality": 75}, "instagram"),
        ("438082_101610_171230_o.jpg", (2048, 1536), {"quality": 85, "progressive": True}, "facebook"),
        ("beach-1024x768.jpg", (1024, 768), {"quality": 82}, "web"),
        ("Screenshot_20240501-100000.png", (300, 200), {"format": "PNG"}, "screenshot"),
    ],
)
def test_a_name_and_what_fits_it(name, size, options, expected):
    found = _channel(_photo(*size), name, **options)
    assert (found.name, found.certain) == (expected, False)
    assert found.removes
    assert found.reason.endswith(".")


def test_what_no_channel_leaves_is_unknown():
    found = _channel(_photo(333, 222), "x.jpg", quality=91)
    assert (found.name, found.title, found.certain, found.others) == ("unknown", "unknown", False, ())
    assert found.recompresses is None


def test_a_name_does_not_make_a_large_picture_a_messengers():
    assert _channel(_photo(5000, 300), "IMG-20240501-WA0007.jpg", quality=75).name != "whatsapp"


def test_nor_a_picture_with_its_camera_data():
    found = _channel(_photo(), "IMG-20240501-WA0007.jpg", quality=75, exif=_camera_block())
    assert (found.name, found.certain, found.recompresses) == ("camera", True, False)


def test_size_and_quality_alone_name_all_that_share_them():
    found = _channel(_photo(1600, 1200), "x.jpg", quality=75)
    assert (found.name, found.certain, found.recompresses) == ("web", False, True)
    assert set(found.others) == {"whatsapp", "signal"}
    assert all(title in found.reason for title in ("WhatsApp", "Signal"))


def test_an_editor_or_another_size_is_no_camera():
    assert _channel(_photo(), exif=_camera_block(), quality=91).name == "camera"
    assert _channel(_photo(), exif=_camera_block(x131="GIMP 2.10"), quality=91).name != "camera"
    assert _channel(_photo(), exif=_camera_block(width=4000, height=2000), quality=91).name != "camera"


def test_photoshop_by_its_tables_and_its_word():
    exif = Image.Exif()
    exif[SOFTWARE] = "Adobe Photoshop CS5"
    assert not _channel(_photo(), quality="high").certain
    found = _channel(_photo(), quality="high", exif=exif)
    assert (found.name, found.certain) == ("photoshop", True)
    exif[SOFTWARE] = "Adobe Photoshop Lightroom 5"
    assert not _channel(_photo(), quality="high", exif=exif).certain


def test_scanner_and_screenshot_by_what_they_say():
    exif = Image.Exif()
    exif[MODEL] = "Perfection V600 scanner"
    assert _channel(_photo(), exif=exif).name == "scanner"
    assert _channel(_photo(1920, 1080), "x.png", format="PNG").name == "screenshot"
    assert _channel(_photo(1920, 1081), "x.png", format="PNG").name == "unknown"


def test_facebook_by_its_mark_and_instagram_which_shares_it():
    text = b"FBMD01000ac603"
    iptc = b"\x1c\x02\x28" + len(text).to_bytes(2, "big") + text
    resources = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + len(iptc).to_bytes(4, "big") + iptc
    buffer = io.BytesIO()
    _photo().save(buffer, "JPEG")
    data = buffer.getvalue()
    segment = b"\xff\xed" + (len(resources) + 2).to_bytes(2, "big") + resources
    found = channel(load_evidence(data[:2] + segment + data[2:]))
    assert (found.name, found.certain, found.others) == ("facebook", True, ("instagram",))


OWN = """
[[channel]]
name = "our-archive"
title = "our archive"
recompresses = true
removes = "nothing but size"

[[channel.way]]
longest = [333]
quality = [91, 91]
certainty = "certain"
source = "our own program"
"""


def test_a_file_of_ones_own_adds_a_channel(tmp_path, monkeypatch):
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    monkeypatch.setenv(ENVIRONMENT, str(path))
    found = _channel(_photo(333, 222), "x.jpg", quality=91)
    assert (found.name, found.title) == ("our-archive", "our archive")


def test_names_are_unique_and_titles_fit_a_sentence():
    profiles = load_signatures().channels
    names = [profile.name for profile in profiles]
    assert len(names) == len(set(names)) == 12
    assert all(profile.title == profile.title.strip(".") and profile.ways for profile in profiles)
