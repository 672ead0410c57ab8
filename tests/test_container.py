"""The image and its neighbours: what they start exists, and where Docker runs they are built and answer."""

import json
import re
import shlex
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main

from tamperlens import cli

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")


def commands() -> Iterator[list[str]]:
    """What the image starts by itself, and what it is told to start beside its neighbours."""
    yield json.loads(re.findall(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)[-1])
    folded = re.search(r"command: >\n((?: {6}.*\n)+)", COMPOSE)
    assert folded
    yield shlex.split(folded[1].replace("${PASSWORD:?choose one}", "x").replace("${HOST:-localhost}", "h"))


@pytest.mark.parametrize("words", list(commands()), ids=["alone", "composed"])
def test_what_is_started_is_a_command_with_these_options(words):
    (name, *options) = words
    command = typer.main.get_command(cli.app).commands[name]
    known = {option for parameter in command.params for option in parameter.opts}
    assert name == "serve"
    assert {option for option in options if option.startswith("--")} <= known


def test_it_does_not_run_as_root_and_tells_whether_it_answers():
    last = DOCKERFILE.rpartition("FROM ")[2]
    assert last.index("USER tamperlens") < last.index("ENTRYPOINT")
    assert "/api/v1/health" in last[last.index("HEALTHCHECK") :]


def test_the_extras_of_the_image_are_those_that_there_are():
    (extras,) = re.findall(r"\.whl\)\[([a-z,]+)\]", DOCKERFILE)
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(re.search(rf"^{extra} = \[", declared, re.MULTILINE) for extra in extras.split(","))


def test_the_image_is_built_and_answers():
    program = shutil.which("docker")
    if not program or subprocess.run([program, "info"], check=False, capture_output=True).returncode:
        pytest.skip("no Docker daemon answers here")
    subprocess.run(["docker", "build", "-t", "tamperlens-test", "."], cwd=ROOT, check=True)
    started = ["docker", "run", "--rm", "-d", "-p", "127.0.0.1::8420", "tamperlens-test"]
    name = subprocess.run(started, check=True, capture_output=True, text=True).stdout.strip()
    try:
        published = ["docker", "port", name, "8420"]
        place = subprocess.run(published, check=True, capture_output=True, text=True).stdout.split()[0]
        ends = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"http://{place}/api/v1/health", timeout=5) as answer:
                    assert answer.status == 200
                    return
            except OSError:
                assert time.monotonic() < ends, "it does not answer"
                time.sleep(1)
    finally:
        subprocess.run(["docker", "stop", name], check=True)
