"""Recipe + data → weight + card: samples, loop, checkpoints, export, calibration.

Public names: `find_recipe`, `load_recipe`, `shipped_recipes`, `AnyRecipe`; `train`, `TrainingData`, `Watch`;
`fit`; `Recipe`, `MultiFusionRecipe`, `train_recipe`, `protocol_trainer`, `export_onnx`; for localizers
`LocalizerRecipe`, `TrainingImages`, `train_localizer`, `LOSSES`; for kinds `KindRecipe`, `KINDS_OF`,
`train_kinds`; for the fusion `FusionRecipe`, `measured_set`, `fit_fusion`, `calibrate_alone`,
`KindFusionRecipe`, `kind_rows`, `fit_kinds`.
"""

import tamperlens.examine.runtime  # noqa: F401 - before anything imports ONNX Runtime by itself
from tamperlens.training.export import export_onnx
from tamperlens.training.fit import fit
from tamperlens.training.forged_recipe import KindRecipe, LocalizerRecipe
from tamperlens.training.fuse import fit_fusion
from tamperlens.training.fuse_kinds import fit_kinds, kind_rows
from tamperlens.training.fusion_recipe import FusionRecipe, KindFusionRecipe
from tamperlens.training.fusion_set import measured_set
from tamperlens.training.fusion_thresholds import calibrate_alone
from tamperlens.training.kind_run import KINDS_OF, train_kinds
from tamperlens.training.localizer_run import TrainingImages, train_localizer
from tamperlens.training.losses import LOSSES
from tamperlens.training.recipe import MultiFusionRecipe, Recipe
from tamperlens.training.recipes import AnyRecipe, find_recipe, load_recipe, shipped_recipes
from tamperlens.training.run import protocol_trainer, train_recipe
from tamperlens.training.train import TrainingData, Watch, train

__all__ = [
    "KINDS_OF",
    "LOSSES",
    "AnyRecipe",
    "FusionRecipe",
    "KindFusionRecipe",
    "KindRecipe",
    "LocalizerRecipe",
    "MultiFusionRecipe",
    "Recipe",
    "TrainingData",
    "TrainingImages",
    "Watch",
    "calibrate_alone",
    "export_onnx",
    "find_recipe",
    "fit",
    "fit_fusion",
    "fit_kinds",
    "kind_rows",
    "load_recipe",
    "measured_set",
    "protocol_trainer",
    "shipped_recipes",
    "train",
    "train_kinds",
    "train_localizer",
    "train_recipe",
]
