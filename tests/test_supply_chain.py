"""What is installed is pinned by its bytes, and every licence is known and allowed."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("release.txt", "dev.txt", "tools.txt")
sys.path.insert(0, str(ROOT / "requirements"))
import licences  # noqa: E402 - of the folder above


def blocks(name: str) -> dict[str, str]:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    parts = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    return {re.split(r"[=\[]", part)[0]: part for part in parts if part.strip()}


@pytest.mark.parametrize("name", LOCKS)
def test_every_package_has_its_version_and_hashes_and_no_registry_is_named(name):
    for package, block in blocks(name).items():
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==[^\s;]+", block), block[:80]
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", block)) >= 1, package
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host| @ ", text)
    assert not re.search(r"^(torch==|triton|nvidia|cuda)", text, re.MULTILINE)


def test_what_the_project_asks_for_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    for extra in ("pdf", "provenance", "custody", "serve", "postgresql", "redis", "scan"):
        asked += extras[extra]
    names = {re.split(r"[\[<>=!~ ]", one)[0].lower().replace("_", "-") for one in asked}
    assert names <= blocks("release.txt").keys()
    everything = [one for those in extras.values() for one in those] + project["dependency-groups"]["dev"]
    names |= {re.split(r"[\[<>=!~ ]", one)[0].lower().replace("_", "-") for one in everything} - {"torch"}
    assert names <= blocks("dev.txt").keys()


def test_the_release_pins_what_the_tests_run_with():
    release, dev = blocks("release.txt"), blocks("dev.txt")
    assert {
        name: block for name, block in release.items() if pinned(dev.get(name, "")) != pinned(block)
    } == {}


def pinned(block: str) -> list[str]:
    """Version and hashes, for whichever system."""
    return re.findall(r"==[^\s;]+|sha256:\w+", block)


def test_pip_takes_the_lock_as_one_with_hashes(tmp_path):
    """Nothing is fetched: a requirement without a hash would be refused before."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--require-hashes",
        "--no-deps",
        "--no-index",
    ]
    done = subprocess.run(
        [*command, "-r", ROOT / "requirements/release.txt", "--target", tmp_path],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "No matching distribution" in done.stderr
    assert "hash" not in done.stderr.lower()


def test_every_licence_is_known_and_allowed():
    wrong = [why for name, _, released in licences.locked() for why in licences.licence_of(name, released)[2]]
    assert wrong == []


def test_a_licence_that_is_not_allowed_is_found(tmp_path, monkeypatch):
    rules = (ROOT / "requirements/licences.toml").read_text(encoding="utf-8")
    (tmp_path / "licences.toml").write_text(
        rules.replace('jinja2 = "BSD-3-Clause"', 'jinja2 = "GPL-3.0-only"'), "utf-8"
    )
    monkeypatch.setattr(licences, "FOLDER", tmp_path)
    assert licences.licence_of("jinja2", True)[2] == ["GPL-3.0-only is not allowed"]
    (tmp_path / "licences.toml").write_text(re.sub("(?m)^pi-heif = .*$", "", rules), "utf-8")
    found = licences.licence_of("pi-heif", True)[2]
    assert "libheif is under a copyleft licence and not listed in licences.toml" in found


def test_what_is_under_the_gpl_is_in_no_release():
    assert "av" not in blocks("release.txt")
    assert licences.licence_of("av", True)[2]


def test_every_weight_and_sample_has_its_licence_on_one_page():
    page = (ROOT / "docs/licences.md").read_text(encoding="utf-8")
    for weight in (ROOT / "src/tamperlens/examine/weights").glob("*.onnx"):
        assert f"`{weight.stem}`" in page
    for sample in (ROOT / "examples").glob("*.jpg"):
        assert f"`{sample.name}`" in page
    for name in ("jpeglib", "pi-heif", "psycopg", "certifi", "opencv-python-headless", "GPL-2.0-or-later"):
        assert name in page
