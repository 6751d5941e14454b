"""What `evaluate --preset` asks, and who wins."""

from __future__ import annotations

import pytest

from cotpress.cli.verbs.evaluate import LOG_NAMES, PRESET_NAMES, ProblemOptions, SamplingOptions
from cotpress.evaluation import EvaluationConfig
from cotpress.evaluation.benchmarks import BENCHMARKS
from cotpress.evaluation.presets import PRESETS


def test_the_names_are_those_of_the_presets() -> None:
    assert tuple(PRESETS) == PRESET_NAMES
    assert LOG_NAMES == ("inspect",)
    assert all(name in BENCHMARKS for preset in PRESETS.values() for name in preset.benchmarks)


@pytest.mark.parametrize(("name", "samples"), [("aime", 64), ("gpqa", 8), ("math500", 4)])
def test_a_preset_says_how_replies_are_drawn(name: str, samples: int) -> None:
    expected = EvaluationConfig(32_768, samples, temperature=0.6, top_p=0.95)
    assert SamplingOptions().build_plan(name) == expected
    assert SamplingOptions().build_plan() == EvaluationConfig()


def test_what_is_given_beside_it_wins() -> None:
    plan = SamplingOptions(samples=2, max_new_tokens=16_384).build_plan("aime")
    assert (plan.samples, plan.max_new_tokens, plan.temperature) == (2, 16_384, 0.6)


def test_named_benchmarks_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cotpress.evaluation.benchmarks.load_benchmark", lambda name, *rest: [name])
    assert list(ProblemOptions(preset="aime").load_items()) == ["aime24", "aime25"]
    assert list(ProblemOptions(("gsm8k",), preset="aime").load_items()) == ["gsm8k"]
