"""Recipe + data → weight + card: feature cache, loop, checkpoints, export.

Public names: `Recipe`, `load_recipe`, `recipe_system`, `fit`, `train_recipe`, `protocol_trainer`,
`export_onnx`; for localizers `LocalizerRecipe`, `TrainingImages`, `train_localizer`, `LOSSES`.
"""

from tamperlens.training.export import export_onnx
from tamperlens.training.localizer_recipe import LocalizerRecipe
from tamperlens.training.localizer_run import TrainingImages, train_localizer
from tamperlens.training.loop import fit
from tamperlens.training.losses import LOSSES
from tamperlens.training.recipe import Recipe, load_recipe, read_recipe, recipe_system
from tamperlens.training.run import protocol_trainer, train_recipe

__all__ = [
    "LOSSES",
    "LocalizerRecipe",
    "Recipe",
    "TrainingImages",
    "export_onnx",
    "fit",
    "load_recipe",
    "protocol_trainer",
    "read_recipe",
    "recipe_system",
    "train_localizer",
    "train_recipe",
]
