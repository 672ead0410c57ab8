"""Tamperlens shows where, how and how surely an image was altered, and lets a person check why.

```python
import tamperlens as tl

finding = tl.examine("photo.jpg")
finding.outcome, finding.score, finding.log10_lr
finding.save_report("photo.html")
```

Nothing is loaded before it is used. Public names: `examine`, `Examiner`, `Options`, `Finding`, `load`,
`trace`, `evaluate`, `systems`, `errors`.
"""

__version__ = "0.1.0"

__all__ = [
    "Examiner",
    "Finding",
    "Options",
    "__version__",
    "errors",
    "evaluate",
    "examine",
    "load",
    "systems",
    "trace",
]

TYPE_CHECKING = False  # `typing` itself takes milliseconds
if TYPE_CHECKING:
    from tamperlens import errors
    from tamperlens.door import Examiner, Finding, Options, evaluate, examine, load, systems, trace

# `examine` and `errors` are modules too: the room of that name, which is called as a function, and the
# tree of errors.
_MODULES = frozenset({"examine", "errors"})


def __getattr__(name: str) -> object:
    """Load a public name when it is first used."""
    if name not in __all__:
        raise AttributeError(f"module 'tamperlens' has no attribute '{name}'; it has {', '.join(__all__)}")
    from importlib import import_module  # noqa: PLC0415 - as late as everything else

    module = import_module(f"tamperlens.{name if name in _MODULES else 'door'}")
    value = module if name in _MODULES else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return __all__
