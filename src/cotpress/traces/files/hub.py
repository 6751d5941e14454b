"""Hugging Face datasets, saved or on the hub, into rows. The one place that imports the library `datasets`."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlparse
from urllib.request import getproxies

from cotpress.errors import InputError, import_optional
from cotpress.traces.files.table_rows import BATCH_ROWS, read_arrow_batches
from cotpress.traces.rows import TraceRow

DATASET_NAME_FORMS = "'org/name', 'org/name:split' or 'org/name/config:split'"


def is_saved_dataset(folder: Path) -> bool:
    """Whether a folder is what `save_to_disk` writes."""
    whole = (folder / "state.json").is_file() and (folder / "dataset_info.json").is_file()
    return whole or (folder / "dataset_dict.json").is_file()


def read_saved_dataset(folder: Path, split: str | None) -> Iterator[TraceRow]:
    """Rows of a dataset that `save_to_disk` wrote; they stay on disk (memory-mapped).

    Raises:
        MissingExtraError: the library is not installed.
        InputError: it cannot be loaded, or has several splits and none was named.
    """
    library = import_optional("datasets", "hub")
    try:
        loaded = library.load_from_disk(str(folder), keep_in_memory=False)
    except Exception as error:  # the library raises whatever its own parts raise
        raise InputError(
            f"Cannot load the saved dataset {folder}: {_format_error(error)}.", "Save it again."
        ) from error
    yield from _read_rows(str(folder), _choose_split(str(folder), loaded, split))


def read_hub_dataset(name: str, split: str | None) -> Iterator[TraceRow]:
    """Rows of a dataset on the hub, streamed.

    Raises:
        MissingExtraError: the library is not installed.
        InputError: there is no such dataset, or the hub cannot be reached.
    """
    library = import_optional("datasets", "hub")
    dataset, config = _split_name(name)
    if not is_hub_reachable():
        raise _build_missing_dataset_error(name, "the hub cannot be reached (offline)")
    try:
        loaded = library.load_dataset(dataset, config, streaming=True)
    except Exception as error:  # network, hub and library errors alike
        raise _build_missing_dataset_error(name, _format_error(error)) from error
    yield from _read_rows(name, _choose_split(name, loaded, split))


def _read_rows(name: str, dataset: Any) -> Iterator[TraceRow]:
    line = 0
    try:
        for row in read_arrow_batches(dataset.with_format("arrow").iter(batch_size=BATCH_ROWS)):
            line = row.line
            yield row
    except InputError:
        raise
    except Exception as error:  # a connection that is lost half-way
        raise InputError(
            f"Reading {name} broke off after row {line}: {_format_error(error)}.", "Run it again."
        ) from error


def _choose_split(name: str, loaded: Any, split: str | None) -> Any:
    """The split that was asked for, or the only one there is."""
    if not isinstance(loaded, Mapping):
        if split is not None:
            raise InputError(f"{name} is a single dataset without splits.", f"Leave ':{split}' out.")
        return loaded
    if split is None and len(loaded) == 1:
        return next(iter(loaded.values()))
    if split not in loaded:
        what = f"There is no split '{split}' in {name}." if split else f"{name} has several splits."
        names = ", ".join(loaded)
        raise InputError(f"{what} Splits: {names}.", f"Name one, as in {name}:{next(iter(loaded), 'train')}.")
    return loaded[split]


def _split_name(name: str) -> tuple[str, str | None]:
    parts = name.split("/")
    return "/".join(parts[:2]), parts[2] if len(parts) > 2 else None


def is_hub_reachable() -> bool:
    """Whether the hub's name resolves; the library would try for half a minute. A proxy may know better."""
    if os.environ.get("HF_HUB_OFFLINE") or getproxies():
        return True
    host = urlparse(os.environ.get("HF_ENDPOINT") or "https://huggingface.co").hostname or ""
    try:
        socket.getaddrinfo(host, 443)
    except OSError:
        return False
    return True


def _build_missing_dataset_error(name: str, why: str) -> InputError:
    return InputError(
        f"There is no file or folder '{name}' here, and no dataset of that name could be read from the hub: {why}.",
        f"Check the path; a dataset on the hub is named as {DATASET_NAME_FORMS}.",
    )


def _format_error(error: Exception) -> str:
    """The first sentence-like line of an error, without its final stop."""
    return (str(error).strip() or type(error).__name__).partition("\n")[0].rstrip(".")
