"""Jobs: the queue, its workers, and the files made from an image in a confined process.

Public names: none outside the service; further `FINDING`, `Queue`, `bound`, `is_whole`, `queue_state`,
`read_finding`, `read_mask`, `read_view`, `work`.
"""

from tamperlens.service.jobs._found import bound, is_whole, read_finding, read_mask, read_view
from tamperlens.service.jobs._making import FINDING
from tamperlens.service.jobs._queue import Queue
from tamperlens.service.jobs._queue_state import queue_state
from tamperlens.service.jobs._worker import work

__all__ = [
    "FINDING",
    "Queue",
    "bound",
    "is_whole",
    "queue_state",
    "read_finding",
    "read_mask",
    "read_view",
    "work",
]
