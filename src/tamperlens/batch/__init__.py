"""Many files → rows: sources, engines, a ledger that lets a killed scan continue, results."""

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
