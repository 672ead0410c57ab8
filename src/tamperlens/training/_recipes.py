"""All recipes as one type, distinguished by their system; shipped ones are found by name."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from tamperlens.catalogue import Parts, shipped_recipes
from tamperlens.errors import RecipeError, UnknownNameError
from tamperlens.training._forged_recipe import KindRecipe, LocalizerRecipe
from tamperlens.training._recipe import MultiFusionRecipe, Recipe
from tamperlens.training._trace_recipe import TraceRecipe
from tamperlens.training.fusion import FusionRecipe, KindFusionRecipe

AnyRecipe = (
    Recipe | MultiFusionRecipe | LocalizerRecipe | KindRecipe | TraceRecipe | FusionRecipe | KindFusionRecipe
)
# For what is fitted to examined images.
_OTHERS: dict[str, type[AnyRecipe]] = {"fusion": FusionRecipe, "kinds": KindFusionRecipe}
_OF_SYSTEMS: Mapping[str, type[AnyRecipe]] = Parts("recipe")


def find_recipe(name: str) -> Path:
    """The file of a recipe, given its path or the name of a shipped one.

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
    """Read a recipe; its `system` decides its class.

    Raises:
        RecipeError: there is no such file, it is not TOML, or a setting is unknown or out of range.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return _recipe_class(path, content.get("system")).model_validate(content)
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"the recipe {path} cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(f"the recipe {path} is not valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "system"
        raise RecipeError(f"the recipe {path} has a wrong setting '{where}': {first['msg']}") from error


def _recipe_class(path: Path, system: object) -> type[AnyRecipe]:
    """The class named in the row of a recipe's system."""
    known = {**_OTHERS, **_OF_SYSTEMS}
    if system not in known:
        raise RecipeError(
            f"the recipe {path} has a wrong setting 'system': expected one of "
            f"{', '.join(map(repr, sorted(known)))}, not {system!r}"
        )
    return known[str(system)]
