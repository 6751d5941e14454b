"""Embedded students have read every token that a rewriting of the world writes, and nearly all that pruning leaves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from itertools import product

import pytest

pytest.importorskip("torch", reason="the embedded models need torch")

from cotpress.models import EMBEDDED_STUDENTS, ModelLoader, ModelSpec, embedded_folder
from cotpress.pipeline import compress, rewrite
from cotpress.pruning import Method
from cotpress.rewriting.levels import get_level
from cotpress.rewriting.oracle import CORRUPTIONS, Corruption, OracleRewriter
from cotpress.training.tiny_models.builders import TOKENS_READ_FILE
from cotpress.types import Compressed, Rejected
from cotpress.world import REGIMES, WORLD_DOMAINS, sample

LEVELS = ("preserve", "edit", "fuse", "replace")
MAX_STRANGE = {"_rewrite_all": 0.0, "_prune_all": 0.0005}  # share of the tokens; pruning may cut a word to pieces
TRACES = {"_rewrite_all": 4, "_prune_all": 10}  # of each domain and regime
MIN_OUTCOMES = 400


def _rewrite_all(domain: str, regime: str) -> Iterator[Compressed | Rejected]:
    """What every level leaves of some traces, by rules and by the oracle, at several ratios."""
    drawn = sample(domain, regime, TRACES["_rewrite_all"], seed=500)
    traces = [one.trace for one in drawn]
    for level, keep in product(LEVELS, (None, 0.5, 0.3)):
        yield from rewrite(traces, level, keep=keep)
        yield from OracleRewriter(drawn, get_level(level), keep).compress(traces)
    for kind, level in product(CORRUPTIONS, LEVELS):
        yield from OracleRewriter(drawn, get_level(level), corruption=Corruption(kind, 0.5)).compress(traces)


def _prune_all(domain: str, regime: str) -> Iterator[Compressed | Rejected]:
    traces = [one.trace for one in sample(domain, regime, TRACES["_prune_all"], seed=500)]
    for criterion, granularity, keep in product(("random", "nll", "backbone"), ("step", "token"), (0.7, 0.3)):
        yield from compress(traces, Method(criterion, granularity), keep=keep)


@pytest.fixture(scope="module", params=[_rewrite_all, _prune_all], ids=lambda write: str(write.__name__))
def texts(request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    """The way of writing, and what a student is trained on: made once for all students."""
    outcomes = [
        outcome
        for domain, regime in product(WORLD_DOMAINS, REGIMES)
        for outcome in request.param(domain, regime)
        if isinstance(outcome, Compressed)
    ]
    return request.param.__name__, [f"{one.trace.question}\n{one.text}\n{one.trace.answer}" for one in outcomes]


@pytest.mark.parametrize("student", EMBEDDED_STUDENTS)
def test_training_texts_have_the_tokens_that_the_student_knows(student: str, texts: tuple[str, list[str]]) -> None:
    folder = embedded_folder() / student
    read = {int(token): count for token, count in json.loads((folder / TOKENS_READ_FILE).read_text()).items()}
    tokenizer = ModelLoader(ModelSpec(str(folder), device="cpu")).load_tokenizer()
    write, written = texts
    strange = Counter[str]()
    tokens = 0
    for ids in tokenizer(written)["input_ids"]:
        tokens += len(ids)
        strange.update(tokenizer.decode([token]) for token in ids if not read.get(token))
    assert len(written) > MIN_OUTCOMES
    assert strange.total() <= MAX_STRANGE[write] * tokens, strange
