"""Where to compute, and whether in sixteen bits."""

import torch

from tamperlens.errors import RecipeError


def choose_device(name: str) -> torch.device:
    """Resolve "auto" to the first accelerator, or the CPU if there is none; other names are used as given.

    Raises:
        RecipeError: there is no such device.
    """
    if name != "auto":
        try:
            return torch.empty(0, device=name).device
        except (RuntimeError, AssertionError) as error:
            raise RecipeError(
                f"the device '{name}' is not available: {str(error).splitlines()[0]}"
            ) from error
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def has_fast_bf16(device: torch.device) -> bool:
    """Whether bfloat16 arithmetic is done in hardware rather than slowly emulated."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "cpu" and bool(torch.cpu._is_avx512_bf16_supported())


def autocast(precision: str, device: torch.device) -> torch.autocast:
    """Bfloat16 if a recipe's precision is "auto" and the processor supports it."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "auto" and has_fast_bf16(device))
