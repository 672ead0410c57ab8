"""Two runs say the same, byte for byte: of every kind of error no address, no path, nothing of the run."""

import io
import json
import random
import re
import struct

import pytest
from PIL import Image

from tamperlens.errors import EvidenceError
from tamperlens.report import error_to_json
from tamperlens.text import escaped, quoted, steady
from tamperlens.workers import ask_about, confinement_for, examining_worker

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP", "GIF", "AVIF")
OF_THE_RUN = re.compile(r"0x[0-9a-fA-F]{5,}|/tmp|tamperlens-\w|object at|\bline \d+, in\b|\.py\b")


def damaged() -> dict[str, bytes]:
    """Files of every format: cut, with bytes changed at fixed places, and mixed up; others that are none."""
    made, chance = {}, random.Random(18)
    picture = Image.frombytes("RGB", (96, 80), chance.randbytes(96 * 80 * 3))
    for kind in FORMATS:
        buffer = io.BytesIO()
        picture.save(buffer, kind)
        whole = buffer.getvalue()
        for share in (0.02, 0.3, 0.9):
            made[f"{kind} cut at {share}"] = whole[: max(16, int(len(whole) * share))]
        for number in range(4):
            changed = bytearray(whole)
            for _ in range(40):
                changed[chance.randrange(12, len(changed))] = chance.randrange(256)
            made[f"{kind} changed {number}"] = bytes(changed)
        made[f"{kind} head of another"] = whole[:32] + bytes(500)
    made |= {"empty": b"", "text": b"hello", "zeros": bytes(1000), "pdf": b"%PDF-1.7\n"}
    made["a large declaration"] = _png(60_000, 60_000)
    made["no pixels"] = _png(0, 5)
    return made


def _png(width: int, height: int) -> bytes:
    import zlib

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + head
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))


@pytest.fixture(scope="module")
def twice(tmp_path_factory) -> list[dict[str, str]]:
    """What two workers in two processes say of each."""
    told = []
    for run in range(2):
        folder = tmp_path_factory.mktemp(f"run{run}")
        worker, said = (
            examining_worker(confinement_for(10**7, 1), ["lightweight-cnn"], 1, max_pixels=10**7),
            {},
        )
        try:
            for name, data in damaged().items():
                path = folder / f"{name.replace(' ', '-')}.img"
                path.write_bytes(data)
                try:
                    reply = ask_about(worker, str(path), {"file": path.name}, 1, None)
                except EvidenceError as error:
                    reply = {"row": error_to_json(path.name, error)}
                said[name] = json.dumps(reply["row"], sort_keys=True)
        finally:
            worker.close()
        told.append(said)
    return told


def test_two_runs_say_the_same(twice):
    one, two = twice
    assert {name: (one[name], two[name]) for name in one if one[name] != two[name]} == {}


def test_no_sentence_holds_anything_of_the_run(twice):
    errors = {
        name: row["error"]
        for name, row in ((n, json.loads(r)) for n, r in twice[0].items())
        if "error" in row
    }
    assert len(errors) > 20  # what of a damaged file is sound is examined
    assert {name: said for name, said in errors.items() if OF_THE_RUN.search(said)} == {}


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("cannot identify image file <_io.BytesIO object at 0x7f01a2b3c4d5>", "cannot identify image file"),
        ("<PIL.TiffImagePlugin.X image mode=L size=1x1 at 0x7F01A2B3> failed", " failed"),
        ("bad pointer 0x00007f01a2b3c4d5!", "bad pointer !"),
        ("no such file: '/tmp/tamperlens-ab12_cd/out/image.jpg'", "no such file: a temporary file"),
        ("marker 0xFFD9 is missing", "marker 0xFFD9 is missing"),
        ("nothing of the run", "nothing of the run"),
    ],
)
def test_what_differs_by_run_is_left_out(sentence, plain):
    assert steady(sentence) == plain


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plain name.jpg", "'plain name.jpg'"),
        ("照片 é ж 🙂", "'照片 é ж 🙂'"),
        ("a\nb\tc", r"'a\nb\tc'"),
        ("\x1b[2J", r"'\x1b[2J'"),
        ("x\u202egpj.exe", r"'x\u202egpj.exe'"),
        ("\u2066x\u2069 \u200b\ufeff", r"'\u2066x\u2069 \u200b\ufeff'"),
        ("it's: passed", r"'it\'s: passed'"),
        ("half \ud800", r"'half \ud800'"),
        ("\U000e0041", r"'\U000e0041'"),
        ("\u2028\u0085", r"'\u2028\x85'"),
    ],
)
def test_what_cannot_be_seen_is_shown(name, shown):
    assert quoted(name) == shown
    assert escaped(name).isprintable()
