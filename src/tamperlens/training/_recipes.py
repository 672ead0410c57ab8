"""All recipes as one type, told apart by their system; those that ship are found by name."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from tamperlens.errors import RecipeError, UnknownNameError
from tamperlens.training._forged_recipe import KindRecipe, LocalizerRecipe
from tamperlens.training._recipe import MultiFusionRecipe, Recipe
from tamperlens.training._trace_recipe import TraceRecipe
from tamperlens.training.fusion import FusionRecipe, KindFusionRecipe

AnyRecipe = Annotated[
    Recipe | MultiFusionRecipe | LocalizerRecipe | KindRecipe | TraceRecipe | FusionRecipe | KindFusionRecipe,
    Field(discriminator="system"),
]
_ANY: TypeAdapter[AnyRecipe] = TypeAdapter(AnyRecipe)


def shipped_recipes() -> dict[str, Path]:
    """Name → file of the recipes that come with the program."""
    packaged = Path(__file__).parent / "recipes"
    checkout = Path(__file__).parents[3] / "recipes"
    folder = packaged if packaged.is_dir() else checkout
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def find_recipe(name: str) -> Path:
    """The file of a recipe, by its path or by the name of one that ships.

    Raises:
        UnknownNameError: it is neither.

    >>> find_recipe("unet-localizer").name
    'unet-localizer.toml'
    """
    path = Path(name)
    if path.suffix == ".toml" or path.exists():
        return path
    shipped = shipped_recipes()
    if name not in shipped:
        raise UnknownNameError("recipe", name, shipped)
    return shipped[name]


def load_recipe(path: Path) -> AnyRecipe:
    """Read a recipe; its `system` decides which kind it is.

    Raises:
        RecipeError: no such file, not TOML, or a setting is unknown or out of range.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return _ANY.validate_python(content)
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"the recipe {path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"the recipe {path} is not valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        # Where it went through the right kind of recipe, its system comes first.
        where = ".".join(str(part) for part in first["loc"][1:]) or "system"
        raise RecipeError(f"the recipe {path} has a wrong setting '{where}': {first['msg']}") from error
