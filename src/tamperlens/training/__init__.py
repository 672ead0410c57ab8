"""Recipe + data → weight + card: feature cache, loop, checkpoints, export.

Public names: `Recipe`, `MultiFusionRecipe`, `load_recipe`, `recipe_system`, `fit`, `train_recipe`,
`protocol_trainer`, `export_onnx`; for localizers `LocalizerRecipe`, `TrainingImages`, `train_localizer`,
`LOSSES`; for kinds `KindRecipe`, `KINDS_OF`, `train_kinds`; for the fusion `FusionRecipe`, `measured_set`,
`fit_fusion`, `calibrate_alone`, `KindFusionRecipe`, `kind_rows`, `fit_kinds`.
"""

import tamperlens.examine.runtime  # noqa: F401 - before anything imports ONNX Runtime by itself
from tamperlens.training.export import export_onnx
from tamperlens.training.fit import fit
from tamperlens.training.forged_recipe import KindRecipe, LocalizerRecipe
from tamperlens.training.fuse import fit_fusion
from tamperlens.training.fuse_kinds import KindFusionRecipe, fit_kinds, kind_rows
from tamperlens.training.fusion_set import FusionRecipe, measured_set
from tamperlens.training.fusion_thresholds import calibrate_alone
from tamperlens.training.kind_run import KINDS_OF, train_kinds
from tamperlens.training.localizer_run import TrainingImages, train_localizer
from tamperlens.training.losses import LOSSES
from tamperlens.training.recipe import (
    MultiFusionRecipe,
    Recipe,
    load_recipe,
    read_recipe,
    recipe_names,
    recipe_system,
)
from tamperlens.training.run import protocol_trainer, train_recipe

__all__ = [
    "KINDS_OF",
    "LOSSES",
    "FusionRecipe",
    "KindFusionRecipe",
    "KindRecipe",
    "LocalizerRecipe",
    "MultiFusionRecipe",
    "Recipe",
    "TrainingImages",
    "calibrate_alone",
    "export_onnx",
    "fit",
    "fit_fusion",
    "fit_kinds",
    "kind_rows",
    "load_recipe",
    "measured_set",
    "protocol_trainer",
    "read_recipe",
    "recipe_names",
    "recipe_system",
    "train_kinds",
    "train_localizer",
    "train_recipe",
]
