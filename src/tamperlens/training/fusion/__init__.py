"""Examined images → the fitted fusion, the weights of kinds and their thresholds."""

from tamperlens.training.fusion._fuse import fit_fusion
from tamperlens.training.fusion._fuse_kinds import fit_kinds, kind_rows
from tamperlens.training.fusion._fusion_recipe import FusionRecipe, KindFusionRecipe
from tamperlens.training.fusion._fusion_set import measured_set
from tamperlens.training.fusion._fusion_sources import Sources
from tamperlens.training.fusion._fusion_thresholds import calibrate_alone

__all__ = [
    "FusionRecipe",
    "KindFusionRecipe",
    "Sources",
    "calibrate_alone",
    "fit_fusion",
    "fit_kinds",
    "kind_rows",
    "measured_set",
]
