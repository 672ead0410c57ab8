"""`tamperlens.toml`: options that a person or a project sets once, in one table per command.

```toml
[examine]
strict = true
organisation = "Image Laboratory"
```

A file in the current folder overrides the user's own file, and the command line overrides both.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from tamperlens.cli.shared import complain
from tamperlens.errors import TamperlensError, UnknownNameError

NAME = "tamperlens.toml"


def read_settings(group: TyperGroup) -> dict[str, dict[str, Any]]:
    """Defaults of each command, as `default_map` takes them.

    A file in the current folder is announced on standard error: it may have come with the photographs.

    Args:
        group: the existing commands.

    Raises:
        TamperlensError: a file is not TOML, or sets an unknown option.
    """
    settings: dict[str, dict[str, Any]] = {}
    own = Path(typer.get_app_dir("tamperlens")) / NAME
    for path in (own, Path(NAME)):
        if path.is_file():
            for command, options in _checked(path, group).items():
                settings.setdefault(command, {}).update(options)
            if path != own:
                complain(f"using options from {NAME} in this folder")
    return settings


def _checked(path: Path, group: TyperGroup) -> dict[str, dict[str, Any]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TamperlensError(f"{path} cannot be read: {error}") from error
    return {command: _options(path, group, command, options) for command, options in content.items()}


def _options(path: Path, group: TyperGroup, command: str, options: object) -> dict[str, Any]:
    if command not in group.commands:
        raise UnknownNameError(f"command in {path}", command, group.commands)
    if not isinstance(options, Mapping):
        raise TamperlensError(
            f"{path}: '{command}' is not a table; write [{command}] and its options below it"
        )
    given = [one for one in group.commands[command].params if one.opts[0].startswith("--")]
    by_flag = {flag.lstrip("-"): one.name for one in given for flag in one.opts if flag.startswith("--")}
    found: dict[str, Any] = {}
    for flag, value in options.items():
        if flag not in by_flag:
            raise UnknownNameError(f"option of '{command}' in {path}", flag, by_flag)
        found[str(by_flag[flag])] = value
    return found
