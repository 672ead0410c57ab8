"""Options from `tamperlens.toml`."""

import pytest
import typer
from typer.core import TyperGroup

from tamperlens import cli
from tamperlens.cli.settings_file import read_settings
from tamperlens.errors import TamperlensError


@pytest.fixture
def read(tmp_path, monkeypatch):
    """Read settings with these files, of the user and of the folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(typer, "get_app_dir", lambda _: str(tmp_path / "home"))
    group = typer.main.get_command(cli.app)
    assert isinstance(group, TyperGroup)

    def settings(own="", project=""):
        (tmp_path / "home").mkdir(exist_ok=True)
        (tmp_path / "home/tamperlens.toml").write_text(own, encoding="utf-8")
        (tmp_path / "tamperlens.toml").write_text(project, encoding="utf-8")
        return read_settings(group)

    return settings


def test_the_folders_file_goes_over_the_users_and_is_said(read, capsys):
    found = read("[examine]\nstrict = true\nmax-mpx = 20\n", "[examine]\nmax-mpx = 30\nopen = true\n")
    assert found == {"examine": {"strict": True, "max_mpx": 30, "view": True}}
    assert "tamperlens.toml in this folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[examine]\nstrickt = true", "did you mean 'strict'"), ("[exam]\na = 1", "did you mean 'examine'"),
        ("examine = 3", r"write \[examine\]"), ("[examine", "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_no_option_is_one_sentence(read, text, said):
    with pytest.raises(TamperlensError, match=said):
        read(project=text)
