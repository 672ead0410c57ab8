"""Docs are tested: everything a person can name has its page, and every weight its card."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
import typer

from tamperlens import cli, errors
from tamperlens.data import DATASETS
from tamperlens.evaluation import PROTOCOLS
from tamperlens.examine import DETECTORS, card_text, load_fusion, load_weight
from tamperlens.examine.networks._weights import weight_names
from tamperlens.traces import TRACES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def all_commands(group, above=""):
    """Every command under its full name, those of a group as "data check"."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from all_commands(command, f"{above}{name} ")
        else:
            yield f"{above}{name}", command


def test_every_command_and_option_is_documented():
    page = read("commands.md")
    commands = dict(all_commands(typer.main.get_command(cli.app)))
    assert {"examine", "data check", "data audit"} <= set(commands)
    for name, command in commands.items():
        assert f"\n## {name}\n" in page
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            long = [option for option in parameter.opts if option.startswith("--")]
            assert parameter.name == "help" or not long or long[0] in section, (name, long)


@pytest.mark.parametrize("name", TRACES)
def test_every_trace_has_its_section_and_picture(name):
    assert f"\n## {name}\n" in read("traces.md")
    assert (DOCS / f"images/trace-{name}.png").exists()


@pytest.mark.parametrize("name", DETECTORS)
def test_every_system_has_its_section(name):
    assert f"\n## {name}\n" in read("systems.md")


def test_every_dataset_and_protocol_is_documented():
    page = read("research.md")
    for name in (*DATASETS, *PROTOCOLS):
        assert f"| `{name}` |" in page


@pytest.mark.parametrize("name", weight_names())
def test_every_weight_has_recipe_and_a_true_card(name):
    recipe = tomllib.loads((ROOT / f"recipes/{name}.toml").read_text(encoding="utf-8"))
    weight = load_weight(name)
    assert recipe["seed"] == weight.training["recipe"]["seed"]
    sections = [name for name, content in recipe.items() if isinstance(content, dict)]
    assert {"loop", "optimizer"} < set(sections)
    for section in sections:
        for key, value in recipe[section].items():
            assert weight.training["recipe"][section][key] == value, (section, key)
    card = card_text(name)
    assert weight.sha256 in card
    for heading in ("Paper", "Data", "Results", "Known failures", "Licence", "How to reproduce it"):
        assert f"\n## {heading}" in card
    assert "95 %" in card


def test_the_fusion_has_a_recipe_and_a_true_card():
    fusion, card = load_fusion(), card_text("fusion")
    recipe = tomllib.loads((ROOT / "recipes/fusion.toml").read_text(encoding="utf-8"))
    assert recipe.pop("system") == "fusion"  # tells what kind of recipe it is; no setting of the fit
    for key, value in recipe.items():
        assert fusion.training["recipe"][key] == value, key
    assert fusion.sha256 in card
    weight = load_weight(recipe["localizer"])
    assert fusion.training["localizer"] == weight.sha256
    for heading in ("Paper", "Data", "Results", "Known failures", "Licence", "How to reproduce it"):
        assert f"\n## {heading}" in card


def test_every_error_is_in_the_tree():
    defined = {name for name, value in vars(errors).items() if isinstance(value, type) and "Error" in name}
    drawn = set(re.findall(r"\w*Error\b", errors.__doc__ or ""))
    assert defined == drawn


def test_every_page_is_in_the_navigation_and_every_picture_exists():
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in DOCS.glob("*.md"):
        assert page.name in navigation
    for page in (*DOCS.glob("*.md"), ROOT / "README.md"):
        for target in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_the_first_page_leads_to_every_other():
    first = read("index.md")
    for page in DOCS.glob("*.md"):
        assert page.name == "index.md" or f"]({page.name})" in first, page.name


def test_the_index_of_the_benchmarks_is_up_to_date():
    spec = importlib.util.spec_from_file_location("make_index", ROOT / "benchmarks/make_index.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    written = (ROOT / "benchmarks/README.md").read_text(encoding="utf-8")
    assert module.index() == written, "run: python benchmarks/make_index.py"


def test_every_room_says_what_it_is():
    for room in (ROOT / "src/tamperlens").iterdir():
        if room.is_dir() and (room / "__init__.py").exists():
            text = (room / "__init__.py").read_text(encoding="utf-8")
            assert text.startswith('"""')
            assert "\n__all__ = [" in text or "Public names:" in text
            assert f"`{room.name}/`" in read("house.md")


def test_nothing_committed_names_a_machine():
    for path in [*ROOT.glob("*.*"), *DOCS.glob("*.md"), *(ROOT / "src").rglob("*.json")]:
        if path.is_file() and path.suffix in {".md", ".toml", ".json", ".yml", ".py"}:
            assert not re.search(r"/(home|root|work)/", path.read_text(encoding="utf-8")), path
