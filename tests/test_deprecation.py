"""Parameters and fields by their names of earlier versions: they work, with a warning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from cotpress.chat import LocalChat, OpenAIChat, RetryPolicy
from cotpress.chat.backends import BackendOptions
from cotpress.criteria import CRITERIA, Criterion, Evidence, register_criterion
from cotpress.evaluation import ChatStudentConfig, make_local_student
from cotpress.evaluation.benchmarks import BENCHMARKS
from cotpress.pipeline import BudgetConfig, ClientConfig, CompressionSpec, make_chat_writer, rewrite
from cotpress.rewriting import RewritePolicy
from cotpress.training import TrainingRecipe
from cotpress.training.saliency import SaliencyRecipe
from cotpress.types import Trace

URL = "http://127.0.0.1:1/v1"


def _rewrite(**named: Any) -> Any:
    return list(rewrite([Trace("1", "2+3?", "2+3=5.", "5")], **named))


CALLS: list[tuple[str, str, Callable[..., Any], Any]] = [
    ("steering", "policy", _rewrite, RewritePolicy()),
    ("amount", "budget", lambda **named: CompressionSpec(**named), BudgetConfig(("0.5",))),
    ("steps", "max_steps", lambda **named: TrainingRecipe(**named), 2),
    ("batch", "batch_size", lambda **named: ChatStudentConfig("world-llama", **named), 2),
    ("batch", "batch_size", lambda **named: LocalChat("world-llama", **named), 2),
    ("batch", "batch_size", lambda **named: make_local_student(LocalChat("world-llama"), **named), 2),
    ("batch", "batch_size", lambda **named: BackendOptions(**named), 2),
    ("warm_up", "warmup", lambda **named: SaliencyRecipe(**named), 0.1),
    ("asking", "client", lambda **named: make_chat_writer("m", base_url=URL, **named), ClientConfig()),
    ("limits", "retry_policy", lambda **named: OpenAIChat(URL, **named), RetryPolicy(9, 0)),
]


@pytest.mark.parametrize(("old", "new", "call", "value"), CALLS, ids=[old for old, *_ in CALLS])
def test_a_parameter_of_before_works_and_says_how_it_is_called_now(
    old: str, new: str, call: Callable[..., Any], value: Any
) -> None:
    with pytest.warns(DeprecationWarning, match=rf"\({old}=\.\.\.\) is now {new}="):
        call(**{old: value})


def test_both_names_at_once_are_refused() -> None:
    with pytest.raises(TypeError, match="policy and steering"):
        rewrite([], steering=RewritePolicy(), policy=RewritePolicy())  # type: ignore[call-arg]


def _score_nothing(evidence: Evidence) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.zeros(len(evidence))


def test_a_field_of_before_is_taken_and_read_with_a_warning() -> None:
    old: dict[str, Any] = {"source": "here"}
    with pytest.warns(DeprecationWarning, match=r"Criterion\(source=\.\.\.\) is now published_in=") as caught:
        criterion = Criterion("mine", _score_nothing, **old)
    assert caught[0].filename == __file__
    assert criterion.published_in == "here"
    with pytest.warns(DeprecationWarning, match=r"Criterion\.source is now Criterion\.published_in"):
        assert criterion.source == "here"  # type: ignore[attr-defined]


def test_a_decorator_takes_a_field_of_before() -> None:
    old: dict[str, Any] = {"source": "here"}
    with pytest.warns(DeprecationWarning, match=r"register_criterion\(source=") as caught:
        register_criterion("of-before", **old)(_score_nothing)
    assert len(caught) == 1
    assert CRITERIA["of-before"].published_in == "here"
    CRITERIA.remove("of-before")


def test_a_name_of_before_is_known_on_entries_of_the_registries() -> None:
    with pytest.warns(DeprecationWarning, match=r"Benchmark\.source is now Benchmark\.published_in"):
        assert BENCHMARKS["gsm8k"].source == BENCHMARKS["gsm8k"].published_in  # type: ignore[attr-defined]
