"""Signals kept on disk: scored once for each trace and source, read by every later run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from cotpress.signals.shelf import Shelf
from cotpress.signals.sound import sound_scores
from cotpress.store import content_key, writing
from cotpress.types import Signals, SignalSource, Trace

SLICE = 400_000  # characters scored between two reports of progress: about 100,000 tokens


class SignalStore:
    """A folder with a shelf for each source: `root/signals/<key of the source's identity>/`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._shelves: dict[str, Shelf] = {}

    def shelf(self, identity: Mapping[str, str]) -> Shelf:
        """Where one source's signals are; made when there is none.

        Raises:
            OutputError: the folder cannot be written.
        """
        name = content_key(dict(identity))
        if name not in self._shelves:
            folder = self._root / "signals" / name
            if not (folder / "identity.json").is_file():
                with writing(folder / "identity.json") as path:
                    path.write_text(json.dumps(dict(identity), indent=2, sort_keys=True) + "\n", encoding="utf-8")
            self._shelves[name] = Shelf(folder)
        return self._shelves[name]


def trace_key(trace: Trace) -> bytes:
    """16 bytes over all that a source may read of a trace."""
    return bytes.fromhex(content_key(trace.system, trace.question, trace.reasoning))


def scored(
    source: SignalSource,
    traces: Sequence[Trace],
    store: SignalStore,
    progress: Callable[[int], None] = lambda traces: None,
) -> list[Signals]:
    """The signals of `traces` in their order: read where they are stored, scored and stored where not.

    Values have float32 precision either way, so a first run and a later one give the same bytes.
    `progress` is called with the number of traces finished, each time some are. What was scored is
    stored also when the run is interrupted.

    Raises:
        ModelError: the source gave numbers that cannot be (see `sound_scores`).
        OutputError: the store cannot be written.
    """
    shelf = store.shelf(source.identity)
    keys = [trace_key(trace) for trace in traces]
    found = shelf.load(keys, source.provides)
    progress(sum(key in found for key in keys))
    missing = {key: trace for key, trace in zip(keys, traces, strict=True) if key not in found}
    copies = Counter(keys)
    fresh: dict[bytes, Signals] = {}
    try:
        for part in _slices(missing):
            fresh |= zip(part, sound_scores(source, [missing[key] for key in part]), strict=True)
            progress(sum(copies[key] for key in part))
    finally:
        if fresh:
            shelf.add(fresh)
    found |= fresh
    return [found[key] for key in keys]


def _slices(traces: Mapping[bytes, Trace]) -> Iterator[list[bytes]]:
    """Keys in groups of at least `SLICE` characters, but for the last."""
    part: list[bytes] = []
    characters = 0
    for key, trace in traces.items():
        part.append(key)
        characters += len(trace.reasoning)
        if characters >= SLICE:
            yield part
            part, characters = [], 0
    if part:
        yield part
