from __future__ import annotations

import json
import multiprocessing
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cotpress.errors import ModelError, OutputError
from cotpress.signals import LM, SignalStore, load_or_score, shard_folder, signal_store
from cotpress.signals.shard_file import write_shard
from cotpress.types import Signals, Trace


class Counting:
    """A source that gives one token a character, and counts what it is asked."""

    provides = frozenset({"nll", "entropy"})
    reads: frozenset[str] | None = frozenset({"system", "question", "reasoning"})

    def __init__(self, name: str = "counting", fault: float | None = None) -> None:
        self.identity = {"source": name}
        self.asked: list[str] = []
        self.fault = fault

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        self.asked += [trace.id for trace in traces]
        return [self.signals(trace) for trace in traces]

    def signals(self, trace: Trace) -> Signals:
        places = np.arange(len(trace.reasoning), dtype=np.int64)
        nll = np.array([ord(character) / 7 for character in trace.reasoning], dtype=np.float64)
        if self.fault is not None and len(nll):
            nll[-1] = self.fault
        return Signals(np.stack([places, places + 1], axis=1), {"nll": nll, "entropy": nll / 3})


def make_traces(count: int, start: int = 0) -> list[Trace]:
    return [Trace(f"t{n}", f"question {n}", f"reasoning {n} " * (n % 5)) for n in range(start, start + count)]


def same(ours: Sequence[Signals], other: Sequence[Signals]) -> bool:
    return all(
        np.array_equal(one.offsets, two.offsets)
        and one.values.keys() == two.values.keys()
        and all(np.array_equal(one.values[name], two.values[name]) for name in one.values)
        for one, two in zip(ours, other, strict=True)
    )


def shards(root: Path) -> list[Path]:
    return sorted(root.glob("signals/*/*.parquet"))


def test_a_second_run_asks_nothing_and_gives_the_same(tmp_path: Path) -> None:
    source, traces = Counting(), make_traces(20)
    first = load_or_score(source, traces, SignalStore(tmp_path))
    assert source.asked == [trace.id for trace in traces]
    again = Counting()
    second = load_or_score(again, traces[::-1], SignalStore(tmp_path))
    assert again.asked == []
    assert same(first, second[::-1])
    assert same(first, [Counting().signals(trace) for trace in traces]) is False  # float32 both times
    for one, trace in zip(first, traces, strict=True):
        assert np.allclose(one.values["nll"], Counting().signals(trace).values["nll"], rtol=1e-6)


def test_only_what_is_missing_is_scored(tmp_path: Path) -> None:
    store = SignalStore(tmp_path)
    load_or_score(Counting(), make_traces(5), store)
    source = Counting()
    results = load_or_score(source, make_traces(10), store)
    assert source.asked == ["t5", "t6", "t7", "t8", "t9"]
    assert [len(signals) for signals in results] == [len(trace.reasoning) for trace in make_traces(10)]


def test_a_trace_is_its_question_system_and_reasoning(tmp_path: Path) -> None:
    store = SignalStore(tmp_path)
    load_or_score(Counting(), [Trace("1", "q", "r", system="s", answer="a")], store)
    for changed, missing in [
        (Trace("other", "q", "r", system="s", answer="b", gold="c"), False),
        (Trace("1", "q2", "r", system="s"), True),
        (Trace("1", "q", "r2", system="s"), True),
        (Trace("1", "q", "r", system="s2"), True),
        (Trace("1", "qr", "", system="s"), True),
    ]:
        source = Counting()
        load_or_score(source, [changed], store)
        assert bool(source.asked) == missing


def test_equal_traces_are_scored_once(tmp_path: Path) -> None:
    source = Counting()
    results = load_or_score(source, [Trace("a", "q", "xyz"), Trace("b", "q", "xyz")], SignalStore(tmp_path))
    assert source.asked == ["a"] or source.asked == ["b"]
    assert same(results[:1], results[1:])


def test_sources_do_not_share(tmp_path: Path) -> None:
    load_or_score(Counting("one"), make_traces(3), SignalStore(tmp_path))
    source = Counting("two")
    load_or_score(source, make_traces(3), SignalStore(tmp_path))
    assert len(source.asked) == 3
    said = sorted(json.loads(path.read_text())["source"] for path in tmp_path.glob("signals/*/identity.json"))
    assert said == ["one", "two"]


def test_progress_counts_every_trace_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal_store, "SLICE_CHARS", 30)
    store = SignalStore(tmp_path)
    load_or_score(Counting(), make_traces(4), store)
    seen: list[int] = []
    load_or_score(Counting(), [*make_traces(12), *make_traces(12)], store, seen.append)
    assert sum(seen) == 24
    assert seen[0] == 8
    assert len(seen) > 3


def test_what_was_scored_before_an_interruption_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal_store, "SLICE_CHARS", 1)

    class Interrupted(Counting):
        def score(self, traces: Sequence[Trace]) -> list[Signals]:
            if any(trace.id == "t7" for trace in traces):
                raise KeyboardInterrupt
            return super().score(traces)

    with pytest.raises(KeyboardInterrupt):
        load_or_score(Interrupted(), make_traces(10), SignalStore(tmp_path))
    source = Counting()
    load_or_score(source, make_traces(10), SignalStore(tmp_path))
    assert source.asked == ["t7", "t8", "t9"]


@pytest.mark.parametrize("fault", [float("nan"), float("inf")])
def test_a_value_that_is_not_finite_names_the_trace(tmp_path: Path, fault: float) -> None:
    with pytest.raises(ModelError, match=r"'entropy'.*'t1'"):
        load_or_score(Counting(fault=fault), make_traces(3), SignalStore(tmp_path))
    source = Counting()
    load_or_score(source, make_traces(3), SignalStore(tmp_path))
    assert "t1" in source.asked


def test_offsets_outside_the_text_name_the_trace(tmp_path: Path) -> None:
    class Wrong(Counting):
        def signals(self, trace: Trace) -> Signals:
            signals = super().signals(trace)
            return Signals(signals.offsets + 1, signals.values)

    with pytest.raises(ModelError, match="'t1'"):
        load_or_score(Wrong(), make_traces(3), SignalStore(tmp_path))


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: b"not parquet at all",
        lambda data: data[:-1],
        lambda data: data[:200] + bytes(byte ^ 255 for byte in data[200:300]) + data[300:],
        lambda data: data[:-400] + bytes(byte ^ 255 for byte in data[-400:-350]) + data[-350:],
    ],
)
def test_a_damaged_shard_is_scored_again(tmp_path: Path, damage: object) -> None:
    traces = make_traces(40)
    first = load_or_score(Counting(), traces, SignalStore(tmp_path))
    [path] = shards(tmp_path)
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    source = Counting()
    second = load_or_score(source, traces, SignalStore(tmp_path))
    assert len(source.asked) == 40
    assert same(first, second)
    after = Counting()
    load_or_score(after, traces, SignalStore(tmp_path))
    assert after.asked == []


def test_damage_anywhere_never_gives_wrong_numbers(tmp_path: Path) -> None:
    """Any one byte may be flipped: either the numbers are the same, or they are scored again."""
    traces = make_traces(12)
    first = load_or_score(Counting(), traces, SignalStore(tmp_path))
    [path] = shards(tmp_path)
    data = path.read_bytes()

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, len(data) - 1), st.integers(1, 255))
    @example(1264, 23)  # of the schema: a list becomes a struct
    def check(at: int, flip: int) -> None:
        for old in path.parent.glob("*"):
            if old.suffix in (".parquet", ".damaged"):
                old.unlink()
        path.write_bytes(data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :])
        assert same(first, load_or_score(Counting(), traces, SignalStore(tmp_path)))

    check()


def test_a_shard_that_vanishes_is_scored_again(tmp_path: Path) -> None:
    store = SignalStore(tmp_path)
    store.open_shards(Counting().identity)
    load_or_score(Counting(), make_traces(5), SignalStore(tmp_path))
    late = SignalStore(tmp_path)
    late.open_shards(Counting().identity)
    shards(tmp_path)[0].unlink()
    source = Counting()
    load_or_score(source, make_traces(5), late)
    assert len(source.asked) == 5


def test_signals_are_spread_over_bounded_shards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard_folder, "SHARD_TOKENS", 100)
    traces = make_traces(60)
    first = load_or_score(Counting(), traces, SignalStore(tmp_path))
    assert len(shards(tmp_path)) > 5
    assert max(pq.read_metadata(path).num_rows for path in shards(tmp_path)) < 30
    source = Counting()
    assert same(first, load_or_score(source, traces, SignalStore(tmp_path)))
    assert source.asked == []


def test_a_rerun_reads_each_shard_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard_folder, "SHARD_TOKENS", 100)
    traces = make_traces(60)
    load_or_score(Counting(), traces, SignalStore(tmp_path))
    read: list[Path] = []
    honest = shard_folder.read_shard
    monkeypatch.setattr(shard_folder, "read_shard", lambda path: read.append(path) or honest(path))
    again = SignalStore(tmp_path)
    for at in range(0, 60, 16):
        load_or_score(Counting(), traces[at : at + 16], again)
    assert sorted(read) == shards(tmp_path)


def store_some(root: Path, start: int) -> None:
    for at in range(start, start + 40, 4):
        load_or_score(Counting(), make_traces(4, at), SignalStore(root))


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("fork")
    workers = [spawn.Process(target=store_some, args=(tmp_path, start)) for start in (0, 20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    source = Counting()
    load_or_score(source, make_traces(60), SignalStore(tmp_path))
    assert source.asked == []


def test_keys_that_share_a_half_are_told_apart(tmp_path: Path) -> None:
    source = Counting()
    one, two, three = (b"sameHALF" + bytes([n]) * 8 for n in range(3))
    signals = [source.signals(Trace("", "", text)) for text in ("abc", "de")]
    write_shard(tmp_path / "0.parquet", {one: signals[0]})
    write_shard(tmp_path / "1.parquet", {two: signals[1]})
    found = shard_folder.SignalShards(tmp_path).load([one, two, three], source.provides)
    assert {key: len(value) for key, value in found.items()} == {one: 3, two: 2}


def test_what_lacks_a_signal_is_not_found(tmp_path: Path) -> None:
    write_shard(tmp_path / "0.parquet", {b"k" * 16: Counting().signals(Trace("", "", "abc"))})
    assert shard_folder.SignalShards(tmp_path).load([b"k" * 16], {"nll", "keep_probability"}) == {}


def test_no_traces(tmp_path: Path) -> None:
    assert load_or_score(Counting(), [], SignalStore(tmp_path)) == []
    assert shards(tmp_path) == []


def test_a_full_disk_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    with pytest.raises(OutputError, match="No space left"):
        load_or_score(Counting(), make_traces(3), SignalStore(tmp_path))
    assert not list(tmp_path.glob("signals/*/*.tmp"))
    assert not list(tmp_path.glob("signals/*/.*"))


def test_a_folder_that_cannot_be_made_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "signals").write_text("a file where the folder belongs")
    with pytest.raises(OutputError, match="Cannot write"):
        load_or_score(Counting(), make_traces(3), SignalStore(tmp_path))


def test_a_stored_run_does_no_forward_pass(tiny_llama: Path, tmp_path: Path) -> None:
    """Counted on the model itself; and the second run does not even load it."""
    torch = pytest.importorskip("torch")
    passes = 0

    def count(module: object, *_: object) -> None:
        nonlocal passes
        passes += type(module).__name__ == "LlamaModel"

    traces = make_traces(6)
    hook = torch.nn.modules.module.register_module_forward_pre_hook(count)
    try:
        first = load_or_score(LM(tiny_llama), traces, SignalStore(tmp_path))
        assert passes > 0
        passes = 0
        lm = LM(str(tiny_llama))
        second = load_or_score(lm, traces, SignalStore(tmp_path))
    finally:
        hook.remove()
    assert passes == 0
    assert "_ready" not in vars(lm)
    assert same(first, second)


class ReadsAnswers(Counting):
    """A source whose signals depend on the answer, too."""

    def signals(self, trace: Trace) -> Signals:
        signals = super().signals(trace)
        return Signals(signals.offsets, {name: values + len(trace.answer) for name, values in signals.values.items()})


@pytest.mark.parametrize("reads", [None, frozenset({"reasoning", "answer"})])
def test_traces_that_differ_in_what_a_source_reads_have_signals_of_their_own(
    tmp_path: Path, reads: frozenset[str] | None
) -> None:
    source, store = ReadsAnswers(), SignalStore(tmp_path)
    source.reads = reads
    short, long = (Trace("t", "2+3?", "2+3=5", answer) for answer in ("5", "five"))
    for trace in (short, long, short):
        [stored], [scored] = load_or_score(source, [trace], store), source.score([trace])
        assert same([stored], [Signals(scored.offsets, {n: v.astype(np.float32) for n, v in scored.values.items()})])


def test_what_a_source_does_not_read_shares_its_signals(tmp_path: Path) -> None:
    source, store = Counting(), SignalStore(tmp_path)
    source.reads = frozenset({"reasoning"})
    load_or_score(source, [Trace("a", "2+3?", "2+3=5")], store)
    load_or_score(source, [Trace("b", "3+2?", "2+3=5", "5")], store)
    assert source.asked == ["a"]
