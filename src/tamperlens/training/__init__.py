"""Recipe + data → weight + card: feature cache, loop, checkpoints, export.

Public names: `Recipe`, `load_recipe`, `fit`, `train_recipe`, `protocol_trainer`,
`export_onnx`.
"""

from tamperlens.training.export import export_onnx
from tamperlens.training.loop import fit
from tamperlens.training.recipe import Recipe, load_recipe
from tamperlens.training.run import protocol_trainer, train_recipe

__all__ = ["Recipe", "export_onnx", "fit", "load_recipe", "protocol_trainer", "train_recipe"]
