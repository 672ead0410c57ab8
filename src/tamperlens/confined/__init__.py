"""A process that can do no harm; a crash becomes a sentence. The caller decides what it does.

Public names: `Worker`, `Confinement`, `Work`, `Tell`, `walls_here`, `hide_memory`, `outbox`,
`reraise_memory`.
"""

from tamperlens.confined._kernel import hide_memory
from tamperlens.confined._limits import Confinement
from tamperlens.confined._probing import walls_here
from tamperlens.confined._process import Worker
from tamperlens.confined._worker import Tell, Work, outbox, reraise_memory

__all__ = [
    "Confinement",
    "Tell",
    "Work",
    "Worker",
    "hide_memory",
    "outbox",
    "reraise_memory",
    "walls_here",
]
