"""Where to compute, and whether in sixteen bits."""

import torch

from tamperlens.errors import RecipeError


def choose_device(name: str) -> torch.device:
    """Resolve "auto" to the first accelerator there is, else the CPU; other names are taken as they are.

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
    """Whether bfloat16 arithmetic is in hardware, not emulated at a loss."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    return device.type == "cpu" and bool(torch.cpu._is_avx512_bf16_supported())


def autocast(precision: str, device: torch.device) -> torch.autocast:
    """Bfloat16 where a recipe's precision is "auto" and the processor has it."""
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "auto" and has_fast_bf16(device))
