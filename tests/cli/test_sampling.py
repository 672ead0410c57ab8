"""Sample files are what the program reads."""

import tomllib

from typer.main import get_command
from typer.testing import CliRunner

from tamperlens.cli import app
from tamperlens.cli.settings_file import read_settings
from tamperlens.examine.external._loading import read_settings as read_detector
from tamperlens.training import load_recipe


def test_each_sample_is_read_by_what_it_is_for(tmp_path, monkeypatch):
    answer = CliRunner().invoke(app, ["samples", str(tmp_path)])
    assert answer.exit_code == 0, answer
    assert read_detector(tmp_path / "detector.toml").fault() == ""
    for path in (tmp_path / "recipes").iterdir():
        load_recipe(path)
    monkeypatch.chdir(tmp_path)
    stated = tomllib.loads((tmp_path / "tamperlens.toml").read_text(encoding="utf-8"))
    assert read_settings(get_command(app)).keys() == stated.keys()
    again = CliRunner().invoke(app, ["samples", str(tmp_path)])
    assert "exists already" in str(again.exception)
