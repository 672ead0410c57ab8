"""What confined processes are asked to do: examine a file, draw its report, measure one trace.

Public names: `examining_worker`, `ask_about`, `tracing_worker`, `trace_file`; for other rooms
`confinement_for`, `memory_for`, `taking`, `tell_files`, `with_walls`.
"""

from tamperlens.workers._asking import ask_about, taking
from tamperlens.workers._examining import (
    confinement_for,
    examining_worker,
    memory_for,
    tell_files,
    with_walls,
)
from tamperlens.workers._tracing import trace_file, tracing_worker

__all__ = [
    "ask_about",
    "confinement_for",
    "examining_worker",
    "memory_for",
    "taking",
    "tell_files",
    "trace_file",
    "tracing_worker",
    "with_walls",
]
