"""Choosing the device that a model runs on, and the dtype that it computes in."""

from __future__ import annotations

from dataclasses import dataclass

from cotpress.errors import OptionError, import_optional
from cotpress.models.library_output import summarize_error
from cotpress.models.model_spec import check_dtype


@dataclass(frozen=True, slots=True)
class DevicePlacement:
    """A torch device and a dtype by their names, such as "cuda:0" and "bfloat16"."""

    device: str
    dtype: str


def choose_placement(device: str, dtype: str, stored_dtype: str) -> DevicePlacement:
    """Fill in what is "": a GPU where there is one, and the dtype that the device is fast in.

    That is bfloat16 where the hardware multiplies in it and the weights are not float32 themselves,
    float32 otherwise: on a CPU without AMX or AVX512-BF16, bfloat16 is several times slower.

    Raises:
        MissingExtraError: torch is not installed.
        OptionError: there is no such device or dtype.

    >>> choose_placement("cpu", "", "float32")
    DevicePlacement(device='cpu', dtype='float32')
    """
    check_dtype(dtype)
    torch = import_optional("torch", "lm")
    name = device or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        kind = torch.empty(0, device=name).device.type
    except (RuntimeError, AssertionError, ValueError) as error:  # torch has no one class for it
        raise OptionError(
            f"The device '{name}' cannot be used: {summarize_error(error)}",
            "Give cpu, or cuda or mps where torch has it.",
        ) from error
    return DevicePlacement(
        name, dtype or ("bfloat16" if stored_dtype != "float32" and has_fast_bfloat16(kind) else "float32")
    )


def has_fast_bfloat16(kind: str) -> bool:
    """Whether that kind of device multiplies bfloat16 matrices faster than float32 ones."""
    torch = import_optional("torch", "lm")
    if kind == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    checks = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return kind == "cpu" and any(getattr(torch.cpu, check, bool)() for check in checks)
