from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch")

from cotpress.signals import Saliency
from cotpress.training.saliency.classifier_metrics import auc, compute_classifier_metrics
from cotpress.training.saliency.encoder import load_encoder, make_encoder_loader
from cotpress.training.saliency.labelled_windows import LabelledWindow, make_batches, make_windows, split_pairs
from cotpress.training.saliency.labels import IGNORED_LABEL, CharacterLabels
from cotpress.training.saliency.pairs import LabelledPair
from cotpress.training.saliency.recipe import SaliencyRecipe
from cotpress.training.saliency.training_loop import _compute_loss, compute_learning_rate
from cotpress.types import Trace


@pytest.fixture(scope="module")
def ready(shape: Path) -> tuple[Any, Any]:
    return load_encoder(make_encoder_loader(shape), from_scratch=True, seed=0)


def pair(text: str, number: int = 0) -> LabelledPair:
    return LabelledPair(str(number), text, CharacterLabels(np.arange(len(text)) % 7 < 3), "out", 1)


def test_windows_are_those_of_scoring_and_each_token_counts_once(
    ready: tuple[Any, Any], shape: Path, tmp_path: Path
) -> None:
    """What the model is given in training, value for value, is what `Saliency` gives it."""
    tokenizer, classifier = ready
    text = "Then half of the 3x + 4 pens are left, hmm, so wait. " * 12
    examples = make_windows([pair(text), pair("So 7.", 1)], tokenizer, classifier)
    labelled = sum(int((one.labels != IGNORED_LABEL).sum()) for one in examples)
    assert len(examples) > 3
    assert labelled == sum(len(tokenizer(t, add_special_tokens=False)["input_ids"]) for t in (text, "So 7."))
    classifier.model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    scored = Saliency(tmp_path).score([Trace("0", "Q", text), Trace("1", "Q", "So 7.")])
    values = classifier.classify([one.ids.tolist() for one in examples])
    mine = np.concatenate([chance[one.labels != IGNORED_LABEL] for chance, one in zip(values, examples, strict=True)])
    theirs = np.concatenate([signals.values["keep_probability"] for signals in scored])
    assert np.abs(mine - theirs).max() < 1e-6
    assert theirs.std() > 0.001


def test_the_loss_is_that_of_each_labelled_token_and_no_other(ready: tuple[Any, Any]) -> None:
    tokenizer, classifier = ready
    texts = ["Then half of the 3x + 4 pens are left, hmm, so wait. " * 12, "So 7."]
    batch = make_windows([pair(text) for text in texts], tokenizer, classifier)
    chances = np.concatenate(classifier.classify([one.ids.tolist() for one in batch]))
    labels = np.concatenate([one.labels for one in batch])
    right = np.where(labels == 1, chances, 1 - chances)[labels != IGNORED_LABEL]
    assert (labels == IGNORED_LABEL).any()
    assert float(_compute_loss(classifier, batch, "float32").detach()) == pytest.approx(
        float(-np.log(right).mean()), abs=1e-5
    )


@given(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=20), st.floats(0.01, 0.9), st.integers(0, 9))
def test_no_original_is_on_both_sides_of_the_split(texts: list[str], share: float, seed: int) -> None:
    pairs = [pair(text, number) for number, text in enumerate(texts)]
    taught, held_out = split_pairs(pairs, share, seed)
    sides = {one.original for one in taught}, {one.original for one in held_out}
    assert not sides[0] & sides[1]
    assert len(taught) + len(held_out) == len(pairs)
    assert taught
    assert held_out or len(set(texts)) == 1
    assert split_pairs(pairs[::-1], share, seed)[1] == held_out[::-1]


@given(st.lists(st.integers(1, 40), max_size=60), st.integers(1, 7), st.integers(0, 9))
def test_batches_hold_every_example_once(lengths: list[int], size: int, seed: int) -> None:
    examples = [LabelledWindow(np.full(n, index), np.zeros(n)) for index, n in enumerate(lengths)]
    planned = make_batches(examples, size, seed)
    assert sorted(int(one.ids[0]) for batch in planned for one in batch) == list(range(len(examples)))
    assert len(planned) == -(-len(examples) // size)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.4, 0.5, 0.9]), st.booleans()), min_size=1, max_size=30))
def test_auc_is_the_chance_that_a_kept_token_ranks_higher(drawn: list[tuple[float, bool]]) -> None:
    chances, keep = np.array([c for c, _ in drawn]), np.array([k for _, k in drawn])
    pairs = [(one > other) + (one == other) / 2 for one in chances[keep] for other in chances[~keep]]
    assert auc(chances, keep) == (pytest.approx(np.mean(pairs), abs=1e-4) if pairs else None)


def test_figures_by_hand() -> None:
    found = compute_classifier_metrics(np.array([0.9, 0.8, 0.6, 0.2]), np.array([True, True, False, True]))
    assert (found["accuracy"], found["majority"], found["kept"], found["predicted"]) == (0.5, 0.75, 0.75, 0.75)
    assert (found["precision"], found["recall"], found["f1"]) == (0.6667, 0.6667, 0.6667)
    assert found["auc"] == 0.6667
    assert compute_classifier_metrics(np.empty(0), np.empty(0, dtype=bool))["accuracy"] is None


def test_the_rate_rises_and_falls() -> None:
    recipe = SaliencyRecipe(learning_rate=0.5, warmup=0.1)
    rates = [compute_learning_rate(step, 100, recipe) for step in range(100)]
    assert max(rates) == rates[9] == rates[10] == 0.5
    assert 0 < rates[0] < rates[5]
    assert 0 < rates[-1] < 0.01
    assert all(compute_learning_rate(0, 1, SaliencyRecipe(warmup=share)) > 0 for share in (0.0, 0.9))
