"""Systems × datasets × conditions → one table: measured cell by cell, merged, as HTML, CSV and JSON."""

from tamperlens.evaluation.comparison._comparison import (
    Cell,
    Comparison,
    MeasuredDataset,
    load_comparison,
    merged,
)
from tamperlens.evaluation.comparison._grid import Grid, compare_grid
from tamperlens.evaluation.comparison._page import comparison_page
from tamperlens.evaluation.comparison._saving import comparison_csv, save_comparison

__all__ = [
    "Cell",
    "Comparison",
    "Grid",
    "MeasuredDataset",
    "compare_grid",
    "comparison_csv",
    "comparison_page",
    "load_comparison",
    "merged",
    "save_comparison",
]
