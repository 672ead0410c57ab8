"""Folders, patterns, archives and stores, friendly and hostile."""

import io
import os
import sys
import tarfile
import zipfile

import pytest

from tamperlens.batch import open_source
from tamperlens.batch._patterns import fits
from tamperlens.batch._sources import items
from tamperlens.errors import EvidenceError, ImageTooLargeError, ScanError
from tamperlens.evidence import Limits

MOST = 1 << 20
JPEG = b"\xff\xd8\xff\xe0" + bytes(2000)


def read(item, limits=None):
    """Its bytes, or the sentence why not."""
    try:
        return item.read(limits or Limits(max_bytes=MOST))
    except EvidenceError as error:
        return str(error)


def listed(source, outside=None):
    return {item.name: item for item in items(open_source(str(source), outside), MOST)}


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "photos"
    (root / "b/deep").mkdir(parents=True)
    for name in ("z.jpg", "a.png", "b/2.jpg", "b/deep/1.jpg"):
        (root / name).write_bytes(JPEG)
    return root


def test_a_folder_is_walked_in_order_without_its_results(tree):
    (tree / "b/out").mkdir()
    (tree / "b/out/index.html").write_text("results", encoding="utf-8")
    assert list(listed(tree, outside=tree / "b/out")) == ["a.png", "z.jpg", "b/2.jpg", "b/deep/1.jpg"]
    assert list(listed(tree / "z.jpg")) == ["z.jpg"]


@pytest.mark.parametrize(
    ("wild", "found"),
    [
        ("*.jpg", ["z.jpg"]),
        ("**/*.jpg", ["z.jpg", "b/2.jpg", "b/deep/1.jpg"]),
        ("b/**", ["2.jpg", "deep/1.jpg"]),
        ("b/[0-9].jpg", ["2.jpg"]),
        ("?/*.jpg", ["b/2.jpg"]),
    ],
)
def test_patterns(tree, wild, found):
    assert list(listed(f"{tree}/{wild}")) == found


def test_wildcards_stay_within_a_name():
    assert not fits("a/b.jpg", "*.jpg")
    assert fits("a/b", "a/**/b")
    assert fits(".x", "[.]*")


def test_links_pipes_and_unreadable_things_are_items_that_say_why(tree, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(JPEG)
    (tree / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (tree / "up").symlink_to(tmp_path)
    os.mkfifo(tree / "pipe.jpg")
    found = listed(tree)
    assert len(found) == 7
    assert "symbolic link" in read(found["link.jpg"])
    assert "symbolic link" in read(found["up"])
    assert read(found["pipe.jpg"]) == "this is not a regular file"
    (tree / "z.jpg").unlink()
    assert read(found["z.jpg"]) == "the file cannot be read: No such file or directory"


def test_a_changed_file_has_another_stamp_and_the_same_key(tree):
    before = listed(tree)["z.jpg"]
    (tree / "z.jpg").write_bytes(JPEG + b"x")
    after = listed(tree)["z.jpg"]
    assert before.key == after.key
    assert before.stamp != after.stamp


def test_of_what_is_no_image_only_the_start_is_read(tree):
    (tree / "film.mov").write_bytes(bytes(MOST * 2))
    (tree / "huge.jpg").write_bytes(JPEG + bytes(MOST))
    found = listed(tree)
    assert len(read(found["film.mov"])) == 512
    with pytest.raises(ImageTooLargeError):
        found["huge.jpg"].read(Limits(max_bytes=MOST))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names")
def test_names_that_are_no_text_differ_and_can_be_shown(tmp_path):
    for name in (b"\xe9.jpg", b"\xea.jpg", b"a\nb.jpg", "\u202egpj.exe".encode(), b"<script>.jpg"):
        with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:  # noqa: PTH118, PTH123
            file.write(JPEG)
    found = listed(tmp_path)
    assert len({item.key for item in found.values()}) == len({item.shown for item in found.values()}) == 5
    for item in found.values():
        item.shown.encode()
        assert read(item) == JPEG


def zipped(path, *contents):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents:
            archive.writestr(name, data)
    return path


def test_a_zip_with_hostile_members(tmp_path):
    link = zipfile.ZipInfo("link.jpg")
    link.external_attr = 0o120777 << 16
    bomb = JPEG + bytes(MOST)
    path = zipped(
        tmp_path / "a.zip", ("../../up.jpg", JPEG), ("/etc/abs.jpg", JPEG), (link, "/etc/passwd"),
        ("bomb.jpg", bomb), ("film.mov", bytes(MOST // 2)), ("dir/", b""),
    )  # fmt: skip
    found = listed(path)
    assert list(found) == [
        f"a.zip::{n}" for n in ("../../up.jpg", "/etc/abs.jpg", "link.jpg", "bomb.jpg", "film.mov")
    ]
    assert read(found["a.zip::../../up.jpg"]) == JPEG
    assert "link or a device" in read(found["a.zip::link.jpg"])
    assert "declares 1,050,580 bytes" in read(found["a.zip::bomb.jpg"])
    assert len(read(found["a.zip::film.mov"])) == 512
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip"]


def test_a_zip_that_lies_is_damaged_or_cut(tmp_path):
    path = zipped(tmp_path / "a.zip", ("a.jpg", JPEG + bytes(5000)), ("b.jpg", JPEG))
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02") + 24  # the declared size in the directory
    data[at : at + 4] = (50).to_bytes(4, "little")
    path.write_bytes(data)
    found = listed(path)
    assert isinstance(read(found["a.zip::a.jpg"]), str)
    assert read(found["a.zip::b.jpg"]) == JPEG
    path.write_bytes(data[: len(data) // 2])
    assert "cannot be read further" in read(listed(path)["a.zip"])


def tarred(path, mode, *members):
    with tarfile.open(path, mode) as archive:
        for name, kind, data in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(data), "/etc/passwd"
            archive.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize(
    ("name", "mode"), [("a.tar", "w"), ("a.tar.gz", "w:gz"), ("a.txz", "w:xz"), ("a.tbz2", "w:bz2")]
)
def test_a_tar_with_hostile_members(tmp_path, name, mode):
    path = tarred(
        tmp_path / name, mode,
        ("../up.jpg", tarfile.REGTYPE, JPEG), ("dev", tarfile.CHRTYPE, b""),
        ("sym.jpg", tarfile.SYMTYPE, b""), ("hard.jpg", tarfile.LNKTYPE, b""),
        ("fifo", tarfile.FIFOTYPE, b""), ("d", tarfile.DIRTYPE, b""),
        ("big.jpg", tarfile.REGTYPE, JPEG + bytes(MOST)),
        ("film.mov", tarfile.REGTYPE, bytes(MOST // 2)),
        ("last.jpg", tarfile.REGTYPE, JPEG),
    )  # fmt: skip
    found = {key.partition("::")[2]: item for key, item in listed(path).items()}
    assert list(found) == [
        "../up.jpg",
        "dev",
        "sym.jpg",
        "hard.jpg",
        "fifo",
        "big.jpg",
        "film.mov",
        "last.jpg",
    ]
    assert read(found["../up.jpg"]) == read(found["last.jpg"]) == JPEG
    for refused in ("dev", "sym.jpg", "hard.jpg", "fifo"):
        assert "these are not followed" in read(found[refused])
    assert "declares" in read(found["big.jpg"])
    assert len(read(found["film.mov"])) == 512


def test_a_tar_whose_header_wants_all_memory_or_leads_back(tmp_path):
    good = tarfile.TarInfo("a.jpg")
    good.size = len(JPEG)
    start = good.tobuf() + JPEG + bytes(-len(JPEG) % 512)
    greedy = tarfile.TarInfo("pax")
    greedy.type, greedy.size = tarfile.XHDTYPE, 1 << 33
    path = tmp_path / "a.tar"
    path.write_bytes(start + greedy.tobuf(tarfile.GNU_FORMAT) + bytes(2048))
    found = listed(path)
    assert list(found) == ["a.tar::a.jpg", "a.tar"]
    assert "asks for 8,589,934,592 bytes" in read(found["a.tar"])
    backwards = tarfile.TarInfo("back.jpg").tobuf(tarfile.GNU_FORMAT, "utf-8", "strict")
    header = bytearray(backwards)
    header[124:136] = b"\xff" * 8 + (-3 * 512 & 0xFFFFFFFF).to_bytes(4, "big")  # base 256, negative
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    path.write_bytes(start + bytes(header) + bytes(2048))
    assert len(listed(path)) <= 3


def test_an_archive_within_a_folder_is_opened(tree):
    zipped(tree / "b/more.zip", ("x.jpg", JPEG))
    assert "b/more.zip::x.jpg" in listed(tree)


def test_stores_by_url(monkeypatch):
    fsspec = pytest.importorskip("fsspec")
    store = fsspec.filesystem("memory")
    for name in ("/bucket/b/2.jpg", "/bucket/1.jpg", "/bucket/b/notes.txt"):
        store.pipe_file(name, JPEG)
    with io.BytesIO() as buffer:
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("in.jpg", JPEG)
        store.pipe_file("/bucket/c.zip", buffer.getvalue())
    found = listed("memory://bucket")
    assert list(found) == ["1.jpg", "c.zip::in.jpg", "b/2.jpg", "b/notes.txt"]
    assert {read(item) for item in found.values()} == {JPEG}
    assert list(listed("memory://bucket/**/*.jpg")) == ["1.jpg", "b/2.jpg"]
    assert list(listed("memory://bucket/1.jpg")) == ["1.jpg"]
    with pytest.raises(ScanError, match="nothing to scan"):
        listed("memory://nowhere")
    with pytest.raises(ScanError, match="cannot be opened"):
        open_source("nosuch://bucket")
    assert open_source("memory://user:word@bucket").address == "memory://bucket"
    store.rm("/bucket", recursive=True)


def test_nothing_there(tmp_path):
    with pytest.raises(ScanError, match="nothing to scan"):
        open_source(str(tmp_path / "missing"))
