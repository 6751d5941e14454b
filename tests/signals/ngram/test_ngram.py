"""The n-gram source against a slow, plain reference of its one distribution, and how it behaves on traces."""

from __future__ import annotations

import math
import random
from collections import Counter
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cotpress.errors import OptionError
from cotpress.signals.ngram import NGram
from cotpress.signals.ngram import bigram_model as corpus_part
from cotpress.signals.ngram import entropy as entropy_part
from cotpress.signals.ngram import trace_scoring as read_part
from cotpress.signals.ngram.bigram_model import PAIR_WEIGHT, tokenize_prompt
from cotpress.signals.ngram.context_counts import LatestOccurrences, count_contexts, count_recent
from cotpress.signals.ngram.corpus_sample import CorpusSample, compute_digest
from cotpress.signals.ngram.entropy import compute_running_sums
from cotpress.signals.ngram.mixture import ESCAPE_CONTEXT, ESCAPE_PLAIN, ESCAPE_RECENT, RECENT_TOKENS
from cotpress.signals.ngram.tokenizer import compute_offsets, tokenize
from cotpress.traces import read
from cotpress.types import SignalSource, Trace

WORDS = ["so", "then", "x", "y", "=", "+", "1", "2", "wait", ",", ".", "\n\n", "sum"]
UNLISTED = 8


def made(number: int, length: int = 60) -> list[Trace]:
    """Small traces of a small vocabulary, with a few words of their own."""
    chance = random.Random(number)
    traces = []
    for index in range(number):
        words = [*WORDS, f"word{'abcdefgh'[index]}", f"novel{'abc'[index % 3]}"]
        text = " ".join(chance.choices(words, k=length))
        traces.append(Trace(str(index), f"What is word{'abcdefgh'[index]} + x?", text))
    return traces


class Reference:
    """The distribution after a history, as the formulas have it, over every id there is."""

    def __init__(self, corpus: list[Trace], orders: int) -> None:
        self.orders = orders
        outcomes = Counter(token for trace in corpus for token in tokenize(trace.reasoning))
        self.known, self.total = outcomes, sum(outcomes.values())
        self.ids = [*outcomes, *range(UNLISTED)]
        self.pairs: Counter[tuple[str | int, str | int]] = Counter()
        for trace in corpus:
            tokens = self.named([tokenize_prompt(trace.question)[-1], *tokenize(trace.reasoning)])
            self.pairs.update(pairwise(tokens))
        self.before: Counter[str | int] = Counter()
        for (before, _), count in self.pairs.items():
            self.before[before] += count

    def named(self, tokens: list[str]) -> list[str | int]:
        """Tokens of the corpus by their text, others by a number below UNLISTED."""
        return [token if token in self.known else crc32(token.encode()) % UNLISTED for token in tokens]

    def corpus(self, before: str | int, token: str | int) -> float:
        once = sum(count == 1 for count in self.known.values())
        novelty = (once + 1) / (self.total + 2) if self.total else 1.0
        plain = novelty / UNLISTED if isinstance(token, int) else (1 - novelty) * self.known[token] / max(self.total, 1)
        if not self.before[before]:
            return plain
        return (1 - PAIR_WEIGHT) * plain + PAIR_WEIGHT * self.pairs[before, token] / self.before[before]

    def at(self, history: list[str | int]) -> dict[str | int, float]:
        """The probability of every id."""
        counts = [(Counter(history), ESCAPE_PLAIN), (Counter(history[-RECENT_TOKENS:]), ESCAPE_RECENT)]
        for order in range(1, self.orders):
            context = history[len(history) - order :]
            places = [place for place in range(order, len(history)) if history[place - order : place] == context]
            after = Counter(history[place] for place in places)
            counts.append((after, ESCAPE_CONTEXT * len(after) ** 2))
        distribution = {}
        for token in self.ids:
            probability = self.corpus(history[-1], token)
            for after, escape in counts:
                if after:
                    probability = (after[token] + escape * probability) / (after.total() + escape)
            distribution[token] = probability
        return distribution


def halves(traces: list[Trace]) -> tuple[list[Trace], list[Trace]]:
    ordered = sorted(traces, key=compute_digest)
    return ordered[: len(traces) // 2], ordered[len(traces) // 2 :]


@pytest.mark.parametrize(("number", "length", "orders"), [(1, 60, 5), (2, 60, 3), (5, 90, 5), (4, 60, 1)])
@pytest.mark.parametrize("cells", [1 << 18, 300])
def test_nll_and_entropy_are_of_one_distribution_that_sums_to_one(
    monkeypatch: pytest.MonkeyPatch, number: int, length: int, orders: int, cells: int
) -> None:
    monkeypatch.setattr(corpus_part, "UNKNOWN_IDS", UNLISTED)
    monkeypatch.setattr(entropy_part, "MAX_PROBABILITIES", cells)
    monkeypatch.setattr(read_part, "WINDOW_STRIDE", 70)
    traces = made(number, length)
    lower, upper = halves(traces)
    for trace, signals in zip(traces, NGram.fit(traces, trace_orders=orders).score(traces), strict=True):
        reference = Reference(lower if trace in upper else upper, orders)
        prompt, tokens = (
            reference.named(part) for part in (tokenize_prompt(trace.question), tokenize(trace.reasoning))
        )
        for place in sorted({0, 1, *range(2, len(tokens), 11), 139, 140, 141, len(tokens) - 1} & {*range(len(tokens))}):
            window = (place // 70 - 1) * 70 if place >= 140 else 0
            distribution = reference.at(prompt + tokens[window:place])
            assert sum(distribution.values()) == pytest.approx(1.0, abs=1e-9)
            entropy = -sum(p * math.log(p) for p in distribution.values())
            assert signals.values["nll"][place] == pytest.approx(-math.log(distribution[tokens[place]]), abs=1e-9)
            assert signals.values["entropy"][place] == pytest.approx(entropy, abs=1e-6)


sequences = st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=12), min_size=1, max_size=4)


def joined(traces: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    starts = np.cumsum([0, *map(len, traces)])[:-1]
    _, tokens = np.unique(np.concatenate(traces), return_inverse=True)
    return tokens, starts


@given(sequences)
def test_prior_counts_are_those_of_a_plain_count(traces: list[list[int]]) -> None:
    tokens, starts = joined(traces)
    priors = count_contexts(tokens, starts, 4)
    recent = count_recent(tokens, starts, 3)
    for start, trace in zip(starts, traces, strict=True):
        for place, token in enumerate(trace):
            assert recent[start + place] == trace[max(place - 3, 0) : place].count(token)
            for order in range(4):
                context = trace[place - order : place] if place >= order else None
                after = [trace[i] for i in range(order, place) if trace[i - order : i] == context]
                prior = priors[order]
                found = (prior.seen[start + place], prior.total[start + place], prior.distinct[start + place])
                assert found == (after.count(token), len(after), len(set(after)))


@given(sequences, st.data())
def test_each_position_sees_the_latest_of_each_token_once(traces: list[list[int]], data: st.DataObject) -> None:
    tokens, starts = joined(traces)
    begin = data.draw(st.integers(0, len(tokens)))
    end = data.draw(st.integers(begin, len(tokens)))
    for prior in count_contexts(tokens, starts, 3):
        position, source = LatestOccurrences(prior).find_pairs(begin, end)
        pairs = list(zip(position.tolist(), tokens[source].tolist(), strict=True))
        assert len(set(pairs)) == len(pairs)
        assert Counter(position.tolist()) == Counter(
            {place: int(prior.distinct[place]) for place in range(begin, end) if prior.distinct[place]}
        )
        seen = np.bincount(position, prior.seen[source] + 1, minlength=len(tokens))
        assert seen[begin:end].tolist() == prior.total[begin:end].tolist()


@given(st.integers(1, 70), st.integers(1, 3))
def test_running_sums_are_cumulative_sums(rows: int, columns: int) -> None:
    changes = np.random.default_rng(rows).integers(-3, 4, (rows, columns)).astype(np.float64)
    assert np.array_equal(compute_running_sums(changes.copy()), np.cumsum(changes, axis=0))


@given(st.text())
@settings(max_examples=300)
def test_tokens_tile_any_text(text: str) -> None:
    tokens = tokenize(text)
    assert "".join(tokens) == text
    assert max(map(len, tokens), default=0) <= 17
    assert [text[start:end] for start, end in compute_offsets(tokens)] == tokens


def test_tokens_are_the_size_of_a_language_models() -> None:
    assert tokenize("So, x² = 12.\n\nI don't\tthink $\\frac{1}{2}$ 可以") == [
        *("So", ",", " x", "²", " =", " ", "1", "2", ".", "\n\n", "I", " don", "'t", "\t", "think", " $", "\\"),
        *("frac", "{", "1", "}", "{", "2", "}", "$", " 可", "以"),
    ]  # fmt: skip


def test_no_token_is_long() -> None:
    for letter, size in ((" ", 16), ("a", 16), ("\n", 3), ("1", 1), ("=", 1)):
        assert max(map(len, tokenize(letter * 100))) == size


def test_the_order_of_rows_and_their_repetition_change_nothing() -> None:
    traces = made(8)
    one, other = NGram.fit(traces), NGram.fit([*reversed(traces), *traces])
    assert one.identity == other.identity
    for left, right in zip(one.score(traces), other.score(traces), strict=True):
        assert np.array_equal(left.values["nll"], right.values["nll"])
        assert np.array_equal(left.values["entropy"], right.values["entropy"])


def test_the_identity_follows_the_corpus_and_the_settings() -> None:
    traces = made(4)
    sources = [
        NGram.fit(traces),
        NGram.fit(traces[1:]),
        NGram.fit(traces, trace_orders=4),
        NGram.fit(traces, entropy=False),
    ]
    assert len({tuple(sorted(source.identity.items())) for source in sources}) == 4


def test_traces_read_together_score_as_they_do_alone() -> None:
    traces = [*made(8), Trace("empty", "nothing", ""), Trace("bare", "", "so x = 1")]
    source = NGram.fit(traces)
    together = source.score(traces)
    for trace, signals in zip(traces, together, strict=True):
        [alone] = source.score([trace])
        assert np.array_equal(alone.offsets, signals.offsets)
        for name in ("nll", "entropy"):
            assert alone.values[name] == pytest.approx(signals.values[name], abs=1e-6)


def test_without_entropy_the_nll_is_the_same() -> None:
    traces = made(6)
    source = NGram.fit(traces, entropy=False)
    assert isinstance(source, SignalSource)
    assert source.provides == {"nll"}
    for both, one in zip(NGram.fit(traces).score(traces), source.score(traces), strict=True):
        assert set(both.values) == {"nll", "entropy"}
        assert set(one.values) == {"nll"}
        assert np.array_equal(both.values["nll"], one.values["nll"])


def test_a_trace_does_not_predict_itself() -> None:
    traces, strange = made(6), Trace("strange", "What?", "the quixotic zephyr juggled vexing quartz")
    [known] = NGram.fit([*traces, strange]).score([strange])
    [unknown] = NGram.fit(traces).score([strange])
    assert known.values["nll"].mean() > 0.9 * unknown.values["nll"].mean()


def test_restatement_is_cheap_and_new_content_dear() -> None:
    claim = "Therefore the radius of the circumscribed circle equals seven halves of the side."
    new = "Alternatively one may project every vertex onto another plane before comparing lengths."
    trace = Trace("0", "What is the radius?", f"{claim}\n\nWait, let me check.\n\n{claim}\n\n{new}")
    [signals] = NGram.fit([trace, *made(6)]).score([trace])
    starts = signals.offsets[:, 0]
    again, fresh = trace.reasoning.rindex(claim), trace.reasoning.index(new)
    nll = signals.values["nll"]
    first, second = nll[starts < len(claim)], nll[(starts >= again) & (starts < again + len(claim))]
    assert second.mean() < 0.5 * first.mean()
    assert nll[starts >= fresh].mean() > 2 * second.mean()


def test_what_the_question_says_is_cheaper() -> None:
    traces = made(6)
    text = "The zeppelin carries mangosteens."
    told, untold = Trace("0", "A zeppelin carries mangosteens.", text), Trace("0", "What is it?", text)
    source = NGram.fit(traces)
    means = [source.score([trace])[0].values["nll"].mean() for trace in (told, untold)]
    assert means[0] < 0.8 * means[1]


@given(st.lists(st.integers(1, 30), max_size=30), st.integers(1, 200), st.randoms())
def test_the_sample_is_bounded_and_independent_of_order(sizes: list[int], limit: int, chance: random.Random) -> None:
    traces = [Trace(str(index), str(index), "x" * size) for index, size in enumerate(sizes)]
    sample = CorpusSample(limit)
    sample.add(traces)
    texts = sample.list_by_digest()
    assert sum(len(text) for *_, text in texts[:-1]) < limit
    assert len(texts) == len(traces) or sum(len(text) for *_, text in texts) >= limit
    chance.shuffle(traces)
    again = CorpusSample(limit)
    again.add([*traces, *traces])
    assert again.list_by_digest() == texts


@pytest.mark.parametrize(
    "text", ["", " ", "\n" * 5000, "a" * 100_000, "\ud800x " * 300, "可以" * 500, "12" * 5000, "\x00\x1f \u2028\r\n"]
)
def test_odd_texts_are_scored(text: str) -> None:
    trace = Trace("odd", text, text)
    for source in (NGram.fit([]), NGram.fit([trace]), NGram.fit([trace, *made(2)])):
        [signals] = source.score([trace])
        assert signals.offsets.shape == (len(signals), 2)
        assert signals.offsets.tolist() == compute_offsets(tokenize(text)).tolist()
        for values in signals.values.values():
            assert values.shape == (len(signals),)
            assert np.isfinite(values).all()
            assert (values >= 0).all()


def test_impossible_settings_are_refused() -> None:
    with pytest.raises(OptionError, match="trace_orders is 0"):
        NGram.fit([], trace_orders=0)
    with pytest.raises(OptionError, match="max_chars is 0"):
        NGram.fit([], max_chars=0)


def test_real_traces(shared_data: Path) -> None:
    rows = read(shared_data / "traces" / "limo_r1_distill_qwen_32b.jsonl")
    traces = [row for row, _ in zip(rows, range(12), strict=False) if isinstance(row, Trace)]
    for trace, signals in zip(traces, NGram.fit(traces).score(traces), strict=True):
        assert "".join(trace.reasoning[start:end] for start, end in signals.offsets) == trace.reasoning
        nll, entropy = signals.values["nll"], signals.values["entropy"]
        assert 2 < nll.mean() < 6
        assert nll.mean() == pytest.approx(entropy.mean(), rel=0.3)  # a calibrated model is as surprised as it expects
