"""Recipe + data → weight + card: samples, loop, checkpoints, export, calibration."""

from tamperlens.catalogue import shipped_recipes
from tamperlens.examine.networks import onnxruntime  # noqa: F401 - before anything else imports it
from tamperlens.training._export import export_onnx
from tamperlens.training._fit import fit
from tamperlens.training._forged_recipe import KindRecipe, LocalizerRecipe
from tamperlens.training._kind_run import KINDS_OF, train_kinds
from tamperlens.training._localizer_run import TrainingImages, train_localizer
from tamperlens.training._losses import LOSSES, dual_convnext_loss, unet_loss
from tamperlens.training._manifest import Manifest
from tamperlens.training._outlines import write_outlines
from tamperlens.training._recipe import MultiFusionRecipe, Recipe
from tamperlens.training._recipes import AnyRecipe, find_recipe, load_recipe
from tamperlens.training._run import Progress, protocol_trainer, train_recipe
from tamperlens.training._trace_recipe import TraceRecipe
from tamperlens.training._train import TrainingData, Watch, train
from tamperlens.training.fusion import (
    FusionRecipe,
    KindFusionRecipe,
    Sources,
    calibrate_alone,
    fit_fusion,
    fit_kinds,
    kind_rows,
    measured_set,
)

__all__ = [
    "KINDS_OF",
    "LOSSES",
    "AnyRecipe",
    "FusionRecipe",
    "KindFusionRecipe",
    "KindRecipe",
    "LocalizerRecipe",
    "Manifest",
    "MultiFusionRecipe",
    "Progress",
    "Recipe",
    "Sources",
    "TraceRecipe",
    "TrainingData",
    "TrainingImages",
    "Watch",
    "calibrate_alone",
    "dual_convnext_loss",
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
    "unet_loss",
    "write_outlines",
]
