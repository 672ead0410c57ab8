"""A file is examined in a process that can do no harm; what that does not survive becomes a sentence.

Public names: `Worker`, `Confinement`, `confinement_for`, `examining_worker`, `ask_about`, `tracing_worker`,
`trace_file`, `memory_for`, `hide_memory`, `walls_here`, `with_walls`, `tell_files`, `outbox`, `taking`; for
other rooms `Tell`, `Work`, `reraise_memory`.
"""

from tamperlens.confined._asking import ask_about, taking
from tamperlens.confined._examining import (
    confinement_for,
    examining_worker,
    memory_for,
    tell_files,
    with_walls,
)
from tamperlens.confined._kernel import hide_memory
from tamperlens.confined._limits import Confinement
from tamperlens.confined._probing import walls_here
from tamperlens.confined._process import Worker
from tamperlens.confined._tracing import trace_file, tracing_worker
from tamperlens.confined._worker import Tell, Work, outbox, reraise_memory

__all__ = [
    "Confinement",
    "Tell",
    "Work",
    "Worker",
    "ask_about",
    "confinement_for",
    "examining_worker",
    "hide_memory",
    "memory_for",
    "outbox",
    "reraise_memory",
    "taking",
    "tell_files",
    "trace_file",
    "tracing_worker",
    "walls_here",
    "with_walls",
]
