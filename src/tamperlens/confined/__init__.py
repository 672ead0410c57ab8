"""A file is examined in a process that can do no harm; what that does not survive becomes a sentence.

Public names: `Worker`, `Confinement`, `examining_worker`, `memory_for`.
"""

from tamperlens.confined.examining import examining_worker, memory_for
from tamperlens.confined.limits import Confinement
from tamperlens.confined.process import Worker

__all__ = ["Confinement", "Worker", "examining_worker", "memory_for"]
