"""Signals kept on disk: scored once for each trace and source, read by every later run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from cotpress.signals.shard_folder import SignalShards
from cotpress.signals.validation import score_and_validate
from cotpress.storage import compute_content_key, write_atomically
from cotpress.types import Rejected, Signals, SignalSource, Trace

SLICE_CHARS = 400_000  # characters scored between two reports of progress: about 100,000 tokens


class SignalStore:
    """A folder with the shards of each source: `root/signals/<key of the source's identity>/`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._shards: dict[str, SignalShards] = {}

    def open_shards(self, identity: Mapping[str, str]) -> SignalShards:
        """Where one source's signals are; made when there is none.

        Raises:
            OutputError: the folder cannot be written.
        """
        name = compute_content_key(dict(identity))
        if name not in self._shards:
            folder = self._root / "signals" / name
            if not (folder / "identity.json").is_file():
                with write_atomically(folder / "identity.json") as path:
                    path.write_text(json.dumps(dict(identity), indent=2, sort_keys=True) + "\n", encoding="utf-8")
            self._shards[name] = SignalShards(folder)
        return self._shards[name]


TRACE_FIELDS = frozenset({"system", "question", "reasoning", "answer", "gold"})
_PROMPTED_FIELDS = frozenset({"system", "question", "reasoning"})


def compute_trace_key(trace: Trace, reads: frozenset[str] = _PROMPTED_FIELDS, dependencies: Any = None) -> bytes:
    """16 bytes over what a source reads of a trace, by the names of TRACE_FIELDS, and over what else its signals of it
    depend on: JSON-able, None for nothing.

    >>> right, wrong = (Trace("1", "2+3?", "2+3=5", answer) for answer in ("5", "6"))
    >>> compute_trace_key(right) == compute_trace_key(wrong)
    True
    >>> compute_trace_key(right, TRACE_FIELDS) == compute_trace_key(wrong, TRACE_FIELDS)
    False
    """
    if dependencies is not None:
        fields = {name: getattr(trace, name) for name in sorted(reads & TRACE_FIELDS)}
        return bytes.fromhex(compute_content_key(fields, dependencies))
    if reads == _PROMPTED_FIELDS:
        return bytes.fromhex(compute_content_key(trace.system, trace.question, trace.reasoning))
    return bytes.fromhex(compute_content_key({name: getattr(trace, name) for name in sorted(reads & TRACE_FIELDS)}))


def get_read_fields(source: SignalSource) -> frozenset[str]:
    """What a source reads of a trace, as its `reads` says; all of it where it does not say."""
    reads = getattr(source, "reads", None)
    return TRACE_FIELDS if reads is None else frozenset(reads)


def find_dependencies(source: SignalSource, trace: Trace) -> Any:
    """What a source's signals of a trace depend on besides its fields, such as where its steps are; None for nothing.

    A source that depends on such things says so by a method `find_dependencies(trace)`.
    """
    find = getattr(source, "find_dependencies", None)
    return None if find is None else find(trace)


def load_or_score(
    source: SignalSource,
    traces: Sequence[Trace],
    store: SignalStore,
    progress: Callable[[int], None] = lambda traces: None,
) -> list[Signals | Rejected]:
    """The signals of `traces` in their order: read where they are stored, scored and stored where not.

    Values have float32 precision either way, so a first run and a later one give the same bytes. What was scored is
    stored also when the run is interrupted. A trace that the source rejects is asked for again by the next run.

    Args:
        source: scores what is not stored.
        traces: whose signals are asked for.
        store: where signals are kept.
        progress: is called with the number of traces finished, each time some are.

    Raises:
        ModelError: the source gave numbers that cannot be (see `score_and_validate`).
        OutputError: the store cannot be written.

    >>> from cotpress.signals.ngram import NGram
    >>> traces = [Trace("1", "2+3?", "Two and three make five.", "5")]
    >>> store, source = SignalStore(Path("store")), NGram.fit(traces)
    >>> first, second = (load_or_score(source, traces, store) for _ in range(2))
    >>> bool((first[0].values["nll"] == second[0].values["nll"]).all())
    True
    """
    shards = store.open_shards(source.identity)
    reads = get_read_fields(source)
    keys = [compute_trace_key(trace, reads, find_dependencies(source, trace)) for trace in traces]
    signals = shards.load(keys, source.provides)
    progress(sum(key in signals for key in keys))
    missing = {key: trace for key, trace in zip(keys, traces, strict=True) if key not in signals}
    copies = Counter(keys)
    scored: dict[bytes, Signals | Rejected] = {}
    try:
        for part in _split_slices(missing):
            scored |= zip(part, score_and_validate(source, [missing[key] for key in part]), strict=True)
            progress(sum(copies[key] for key in part))
    finally:
        fresh = {key: said for key, said in scored.items() if isinstance(said, Signals)}
        if fresh:
            shards.add(fresh)
    scored |= signals
    return [_name_rejected(scored[key], trace) for key, trace in zip(keys, traces, strict=True)]


def _name_rejected(said: Signals | Rejected, trace: Trace) -> Signals | Rejected:
    """The same; a rejection under the id of this trace, since another one may have the same texts."""
    return replace(said, id=trace.id) if isinstance(said, Rejected) else said


def _split_slices(traces: Mapping[bytes, Trace]) -> Iterator[list[bytes]]:
    """Keys in groups of at least `SLICE_CHARS` characters, but for the last."""
    part: list[bytes] = []
    characters = 0
    for key, trace in traces.items():
        part.append(key)
        characters += len(trace.reasoning)
        if characters >= SLICE_CHARS:
            yield part
            part, characters = [], 0
    if part:
        yield part
