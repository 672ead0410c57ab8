"""Recipe + data → weight + card: feature cache, loop, checkpoints, export.

Public names: `Recipe`, `load_recipe`, `recipe_system`, `fit`, `train_recipe`, `protocol_trainer`,
`export_onnx`; for localizers `LocalizerRecipe`, `TrainingImages`, `train_localizer`, `LOSSES`;
for the fusion `FusionRecipe`, `measured_set`, `fit_fusion`.
"""

from tamperlens.training.export import export_onnx
from tamperlens.training.fuse import fit_fusion
from tamperlens.training.fusion_set import FusionRecipe, measured_set
from tamperlens.training.localizer_recipe import LocalizerRecipe
from tamperlens.training.localizer_run import TrainingImages, train_localizer
from tamperlens.training.loop import fit
from tamperlens.training.losses import LOSSES
from tamperlens.training.recipe import Recipe, load_recipe, read_recipe, recipe_system
from tamperlens.training.run import protocol_trainer, train_recipe

__all__ = [
    "LOSSES",
    "FusionRecipe",
    "LocalizerRecipe",
    "Recipe",
    "TrainingImages",
    "export_onnx",
    "fit",
    "fit_fusion",
    "load_recipe",
    "measured_set",
    "protocol_trainer",
    "read_recipe",
    "recipe_system",
    "train_localizer",
    "train_recipe",
]
