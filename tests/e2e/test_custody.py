"""Bundles on the command line, as one who signs and one who doubts use them."""

import json
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PHOTO = Path(__file__).parents[2] / "examples/untouched.jpg"
SECRET = "TAMPERLENS_PASSPHRASE"  # noqa: S105 - the name of a variable


def run(*arguments: object, **environment: str):
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "tamperlens", *map(str, arguments)],
        capture_output=True, text=True, check=False, encoding="utf-8", env={**os.environ, **environment},
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("custody")


@pytest.fixture(scope="module")
def key(folder) -> Path:
    done = run("keygen", folder / "key.pem")
    assert done.returncode == 0, done.stderr
    return folder / "key.pem"


@pytest.fixture(scope="module")
def signed(folder, key) -> Path:
    words = ("--key", key, "-o", folder / "photo.zip", "--with-original", "--pdf", folder / "photo.pdf")
    done = run("bundle", PHOTO, *words, "--threads", 1, SOURCE_DATE_EPOCH="1767225600")
    assert done.returncode == 0, done.stderr
    return folder / "photo.zip"


def test_the_key_is_closed_to_others_and_never_written_over(key):
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_bytes()
    done = run("keygen", key)
    assert (done.returncode, key.read_bytes()) == (2, before)
    assert "never overwritten" in done.stderr


def test_a_key_with_a_passphrase_needs_it(folder, signed):
    locked = folder / "locked.pem"
    assert run("keygen", locked, **{SECRET: "open sesame"}).returncode == 0
    assert b"ENCRYPTED" in locked.read_bytes()
    for passphrase, words in (("", "has a passphrase"), ("wrong", "passphrase is wrong")):
        done = run("bundle", PHOTO, "--key", locked, "-o", folder / "x", **{SECRET: passphrase})
        assert done.returncode == 2
        assert words in done.stderr
    assert not (folder / "x").exists()


def test_a_bundle_and_the_report_that_carries_it_hold(signed, key, folder):
    for file in (signed, folder / "photo.pdf"):
        done = run("verify", file, "--key", f"{key}.pub")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Everything that was checked holds" in done.stdout
        assert "2026-01-01T00:00:00+00:00" in done.stdout
        assert ("drawn again from the bundle they are the same" in flat(done)) == (file.suffix == ".pdf")


def test_another_process_with_more_threads_gives_the_same_bytes(signed, key, folder):
    again, words = folder / "again.zip", ("--with-original", "--pdf", folder / "again.pdf", "--threads", 2)
    done = run("bundle", PHOTO, "--key", key, "-o", again, *words, "--created", "2026-01-01T01:00:00+01:00")
    assert done.returncode == 0, done.stderr
    assert again.read_bytes() == signed.read_bytes()
    assert (folder / "again.pdf").read_bytes() == (folder / "photo.pdf").read_bytes()


def test_the_image_examined_again_comes_to_the_same(signed, folder):
    done = run("verify", folder / "photo.pdf", "--rerun", "--original", PHOTO, "--allow-unknown-signer")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "again: 'untouched.jpg'" in flat(done)


def flat(done) -> str:
    return " ".join(done.stdout.split())


def test_who_signed_must_be_known_or_not_matter(signed, key):
    done = run("verify", signed)
    assert done.returncode == 1
    assert "use --key to check who signed" in flat(done)
    assert run("verify", signed, "--allow-unknown-signer").returncode == 0
    assert run("verify", signed, "--key", f"{key}.pub").returncode == 0


def test_pages_that_say_something_else_are_found(signed, key, folder):
    """The bundle in it is untouched, and so is its signature; only what a person reads was exchanged."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(folder / "photo.pdf"))
    writer.remove_page(1)
    writer.write(folder / "forged.pdf")
    done = run("verify", folder / "forged.pdf", "--key", f"{key}.pub")
    assert done.returncode == 1, done.stdout
    assert "page 2 does not say what it says drawn again" in flat(done)
    writer = PdfWriter(clone_from=PdfReader(folder / "photo.pdf"))
    writer.add_metadata({"/Title": "PROVEN GENUINE"})
    writer.write(folder / "forged.pdf")
    done = run("verify", folder / "forged.pdf", "--key", f"{key}.pub")
    assert done.returncode == 1
    assert "but the file is another" in flat(done)


def test_a_report_without_its_image_needs_it(folder, key):
    words = ("--key", key, "-o", folder / "bare.zip", "--pdf", folder / "bare.pdf", "--threads", 1)
    assert run("bundle", PHOTO, *words).returncode == 0
    done = run("verify", folder / "bare.pdf", "--key", f"{key}.pub")
    assert done.returncode == 1
    assert "without the image no page can be drawn again" in flat(done)
    done = run("verify", folder / "bare.pdf", "--key", f"{key}.pub", "--original", PHOTO)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("head", ["nonsense", "5:", "0:" + "a" * 64])
def test_a_head_that_is_none_is_one_sentence_and_exit_code_2(signed, head):
    done = run("verify", signed, "--expect", head)
    assert (done.returncode, done.stdout) == (2, "")
    assert "is not a head" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_manifest_of_sixty_megabytes_is_refused_in_little_memory(signed, tmp_path):
    """It took 1.7 GB: now the one who verifies reads no JSON, and the one who reads has a limit."""
    from tamperlens.custody._container import pack, unpack

    members = dict(unpack(signed.read_bytes()).members)
    members["manifest.json"] = b'{"a":[' + b"0," * (30 << 20) + b"0]}"
    (tmp_path / "large.zip").write_bytes(pack(members))
    code = (
        "import pathlib; from tamperlens.cli import main\n"
        "try: main()\n"
        "finally: print(pathlib.Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "verify", str(tmp_path / "large.zip")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "manifest.json has 62,914,569 bytes; at most 16,777,216 are read" in done.stderr
    # KiB of the command itself; the confined process that reads has a limit of its own. The kernel's count of
    # resource usage would hold what the test's own process had when it started this one.
    assert int(done.stdout.split()[-1]) < 700 << 10


def test_a_tampered_bundle_is_exit_code_1(signed, key, folder):
    data = bytearray(signed.read_bytes())
    data[data.index(b"\x89PNG") + 200] ^= 1
    (folder / "tampered.zip").write_bytes(data)
    done = run("verify", folder / "tampered.zip", "--rerun", "--allow-unknown-signer")
    assert done.returncode == 1
    assert "was changed" in " ".join(done.stdout.split())
    assert "NOT everything" in done.stdout
    assert "again" not in done.stdout  # nobody examines what was tampered with


def test_another_signer_is_exit_code_1(signed, folder):
    run("keygen", folder / "other.pem")
    done = run("verify", signed, "--key", folder / "other.pem.pub")
    assert done.returncode == 1
    assert "not signed by the key that you gave" in " ".join(done.stdout.split())


@pytest.mark.parametrize("content", [b"", b"no bundle", b"%PDF-1.7 broken", PHOTO.read_bytes()])
def test_what_is_no_bundle_is_one_sentence_and_exit_code_2(tmp_path, content):
    (tmp_path / "x").write_bytes(content)
    done = run("verify", tmp_path / "x")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_pdf_without_a_bundle_says_so(folder, tmp_path, signed):
    done = run("examine", PHOTO, "--out", tmp_path, "--pdf")
    assert done.returncode == 0
    done = run("verify", next(tmp_path.glob("*.pdf")))
    assert done.returncode == 2
    assert "carries 0 bundles" in done.stderr


def test_a_bundle_is_whole_or_there_is_none(key, tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"no image")
    done = run("bundle", tmp_path / "bad.jpg", "--key", key, "-o", tmp_path / "out.zip")
    assert done.returncode == 2
    assert not (tmp_path / "out.zip").exists()


def test_nothing_in_a_bundle_tells_where_the_file_lay(signed):
    with zipfile.ZipFile(signed) as archive:
        finding = json.loads(archive.read(archive.namelist()[0]))
    assert finding["file"] == PHOTO.name
    assert str(PHOTO.parent).encode() not in signed.read_bytes()
