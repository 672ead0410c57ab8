"""Many files → rows: sources, engines, a ledger that lets a killed scan continue, results.

Public names: `Plan`, `Orders`, `run_scan`, `Summary`, `open_source`, `Source`, `Item`, `ENGINES`,
`LocalEngine`, `table_name`; for other rooms `items`.
"""

from tamperlens.batch._engine import ENGINES, LocalEngine, Orders
from tamperlens.batch._results import Summary
from tamperlens.batch._scan import Plan, run_scan
from tamperlens.batch._sources import Item, Source, items, open_source
from tamperlens.batch._table import table_name

__all__ = [
    "ENGINES",
    "Item",
    "LocalEngine",
    "Orders",
    "Plan",
    "Source",
    "Summary",
    "items",
    "open_source",
    "run_scan",
    "table_name",
]
