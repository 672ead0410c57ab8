"""A file is examined in a process that can do no harm; what that does not survive becomes a sentence.

Public names: `Worker`, `Confinement`, `confinement_for`, `examining_worker`, `tracing_worker`, `memory_for`.
"""

from tamperlens.confined.examining import confinement_for, examining_worker, memory_for
from tamperlens.confined.limits import Confinement
from tamperlens.confined.process import Worker
from tamperlens.confined.tracing import tracing_worker

__all__ = [
    "Confinement",
    "Worker",
    "confinement_for",
    "examining_worker",
    "memory_for",
    "tracing_worker",
]
