"""A workbench from a program: every operation that a token may do, with types.

Public names: `Workbench`; `types`, the shapes of what is sent and answered.
"""

from tamperlens.client import _types as types
from tamperlens.client._workbench import Workbench

__all__ = ["Workbench", "types"]
