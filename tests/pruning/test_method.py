"""What a method accepts, what it keeps of it, and what it refuses with a sentence."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cotpress.criteria import Criterion, Evidence
from cotpress.errors import OptionError
from cotpress.pruning import Method
from cotpress.text import Segmentation
from cotpress.types import BoolArray, FloatArray, Trace


def keep_long(evidence: Evidence) -> FloatArray:
    """Long segments are kept."""
    return evidence.costs.astype(float)


def mark_all(trace: Trace, segmentation: Segmentation) -> BoolArray:
    """Everything."""
    return segmentation.kinds >= 0


def copied(method: Method) -> Method:
    """As it comes to a worker process."""
    copy: Method = pickle.loads(pickle.dumps(method))  # noqa: S301
    return copy


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"criterion": 3}, "criterion is 3, a int"),
        ({"criterion": None}, "criterion is None"),
        ({"criterion": ["nll"]}, "criterion is"),
        ({"granularity": 1}, "granularity '1'"),
        ({"protect": 3}, "protect=3"),
        ({"protect": (3,)}, "protect="),
        ({"protect": None}, "protect=None"),
        ({"protect": "answer"}, "protect='answer' is one text"),
        ({"patterns": 3}, "patterns=3"),
        ({"patterns": (3,)}, "patterns="),
        ({"patterns": (str,)}, "patterns"),
        ({"patterns": "x"}, "patterns='x' is one text"),
        ({"steps": None}, "step mode 'None'"),
        ({"reduction": 2}, "reduction '2'"),
        ({"fill": "yes"}, "fill='yes' is neither"),
        ({"fill": 1}, "fill=1"),
        ({"seed": "x"}, "seed 'x'"),
        ({"seed": 1.0}, "seed 1.0"),
        ({"seed": True}, "seed True"),
        ({"seed": None}, "seed None"),
    ],
    ids=str,
)
def test_a_wrong_type_is_refused_with_a_sentence(wrong: dict[str, Any], sentence: str) -> None:
    with pytest.raises(OptionError) as caught:
        Method(**wrong)
    assert sentence in caught.value.message
    assert caught.value.hint


def test_names_are_kept_of_all_that_is_given() -> None:
    method = Method(keep_long, protect=["answer", mark_all], patterns=["x+"])
    assert method.criterion == f"{__name__}:keep_long"
    assert method.protect == ("answer", f"{__name__}:mark_all")
    assert method.patterns == ("x+",)
    assert Method(method.resolved_criterion).criterion == method.criterion
    assert method.resolved_criterion.function is keep_long
    assert Method(f"{__name__}:keep_long", protect=["answer", f"{__name__}:mark_all"], patterns=["x+"]) == method
    assert hash(copied(method)) == hash(method)


def test_a_criterion_made_here_is_found_here() -> None:
    method = Method(Criterion("made-here", lambda evidence: keep_long(evidence), needs=frozenset({"nll"})))
    assert method.resolved_criterion.needs == {"nll"}
    assert copied(method).resolved_criterion is method.resolved_criterion


def test_another_process_finds_a_function_of_a_module_and_says_why_not_a_lambda(tmp_path: Path) -> None:
    lines = "import pickle, sys\nprint(pickle.load(open(sys.argv[1], 'rb')).resolved_criterion.summary)"
    said = []
    for number, function in enumerate((keep_long, lambda evidence: keep_long(evidence))):
        path = tmp_path / f"method-{number}"
        path.write_bytes(pickle.dumps(Method(function)))
        command = [sys.executable, "-c", f"import sys\nsys.path[:0] = {sys.path!r}\n{lines}", str(path)]
        said.append(subprocess.run(command, capture_output=True, text=True, check=False))
    assert said[0].stdout == "Long segments are kept.\n", said[0].stderr
    assert "exists only in the process that made it" in said[1].stderr


def test_a_reduction_is_the_criterions_own_where_none_is_chosen() -> None:
    assert [Method(name).resolved_reduction for name in ("nll", "entropy")] == ["mean", "sum"]
    assert Method("entropy", reduction="mean").resolved_reduction == "mean"
    assert Method("entropy").key != Method("entropy", reduction="mean").key
    with pytest.raises(OptionError, match="drop_restatements='yes' is neither"):
        Method(drop_restatements="yes")  # type: ignore[arg-type]
