"""The process around a training: left as it was found, and which of several processes this one is."""

from __future__ import annotations

import contextlib
import logging
import os
import random
import resource
import sys
import warnings
from collections.abc import Iterator

import numpy as np

from cotpress.errors import import_optional

LOGGER_NAMES = ("transformers", "trl", "peft", "accelerate", "datasets", "torch")


def is_main_process() -> bool:
    """Whether this process writes and speaks for all that were launched together; true for one alone.

    >>> is_main_process()
    True
    """
    return int(os.environ.get("RANK", "0")) == 0


def count_processes() -> int:
    """How many processes train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))


@contextlib.contextmanager
def isolated_process_state() -> Iterator[None]:
    """Libraries are silent inside; seeds, environment variables and log levels are as before afterwards."""
    torch = import_optional("torch", "train")
    with contextlib.ExitStack() as stack:
        stack.callback(os.environ.update, dict(os.environ))
        stack.callback(os.environ.clear)
        stack.callback(random.setstate, random.getstate())
        stack.callback(np.random.set_state, np.random.get_state())
        stack.callback(torch.set_rng_state, torch.get_rng_state())
        if torch.cuda.is_available():
            stack.callback(torch.cuda.set_rng_state, torch.cuda.get_rng_state())
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        for name in LOGGER_NAMES:
            stack.callback(logging.getLogger(name).setLevel, logging.getLogger(name).level)
            logging.getLogger(name).setLevel(logging.ERROR)
        _disable_progress_bars(stack)
        yield


def _disable_progress_bars(stack: contextlib.ExitStack) -> None:
    """No progress bars of the libraries, for packing and for writing weights."""
    data = import_optional("datasets", "train")
    if data.is_progress_bar_enabled():
        data.disable_progress_bars()
        stack.callback(data.enable_progress_bars)
    models = import_optional("transformers", "train").utils.logging
    if models.is_progress_bar_enabled():
        models.disable_progress_bar()
        stack.callback(models.enable_progress_bar)


def choose_gpu() -> None:
    """Give each process that was launched on this machine a GPU of its own, before anything touches the first."""
    torch, local = import_optional("torch", "train"), os.environ.get("LOCAL_RANK")
    if local is not None and torch.cuda.is_available():
        torch.cuda.set_device(int(local) % torch.cuda.device_count())


def measure_peak_memory() -> dict[str, int]:
    """Bytes: the most that this process ever held ("process"), and held on its GPU in this training ("gpu")."""
    torch = import_optional("torch", "train")
    unit = 1 if sys.platform == "darwin" else 1024
    held = {"process": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}
    if torch.cuda.is_available():
        held["gpu"] = int(torch.cuda.max_memory_allocated())
    return held
