"""Tutorials: every command shown is one that there is, and those of the ten minutes run as shown."""

import re
import shlex
from pathlib import Path

import numpy as np
import onnx
import pytest
import typer
from onnx import TensorProto, helper
from PIL import Image
from typer.testing import CliRunner

from tamperlens import cli

DOCS = Path(__file__).parents[1] / "docs"
PAGES = sorted(path.name for path in DOCS.glob("learn-*.md"))


def shown(page: str) -> list[list[str]]:
    """Words of each line of a page's shell blocks that calls the program; without a comment at its end."""
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("tamperlens ")]


def known_options(words: list[str]) -> set[str]:
    """Options of the command that a line calls."""
    command, rest = typer.main.get_command(cli.app), list(words)
    while hasattr(command, "commands"):
        assert rest[0] in command.commands, words
        command = command.commands[rest.pop(0)]
    return {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}


@pytest.mark.parametrize("page", PAGES)
def test_every_command_shown_is_there_with_its_options(page):
    for words in shown(page):
        used = {word.split("=")[0] for word in words if re.match("--?[a-z]", word)}
        assert used <= known_options(words), words


@pytest.fixture
def folder(tmp_path, photo, monkeypatch):
    """What the tutorial's reader has: my-net.onnx, my-photos and maps."""
    for part in (
        "my-photos/images",
        "my-photos/masks",
        "my-photos/authentic",
        "maps/images",
        "maps/authentic",
    ):
        (tmp_path / part).mkdir(parents=True)
    for i in range(2):
        pixels = photo[i * 40 : i * 40 + 96, :128] // 4
        altered = pixels.copy()
        altered[24:64, 24:88] = 255
        mask = np.zeros(pixels.shape[:2], np.uint8)
        mask[24:64, 24:88] = 255
        for name, values in (("images", altered), ("authentic", pixels), ("masks", mask)):
            Image.fromarray(values).save(tmp_path / f"my-photos/{name}/{i}.png")
        for name, values in (("images", mask), ("authentic", mask * 0)):
            Image.fromarray(values).save(tmp_path / f"maps/{name}/{i}.png")
    given = helper.make_tensor_value_info("image", TensorProto.FLOAT, ("n", 3, "h", "w"))
    found = helper.make_tensor_value_info("mask", TensorProto.FLOAT, None)
    node = helper.make_node("ReduceMean", ["image"], ["mean"], axes=[1], keepdims=1)
    graph = helper.make_graph([node, helper.make_node("Sigmoid", ["mean"], ["mask"])], "g", [given], [found])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.save(model, tmp_path / "my-net.onnx")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_ten_minutes_run_as_shown(folder):
    for words in shown("learn-own-detector.md"):
        done = CliRunner().invoke(cli.app, words)
        assert done.exit_code == 0, (words, done.exception, done.output)
    assert "my-net" in (folder / "both/index.html").read_text(encoding="utf-8")
    assert (folder / "table/results.csv").is_file()
