"""Chat backends: one registry for students, rewriters and studies; a third party's is as good as ours."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command import cotpress

from cotpress.chat import ChatReply, ChatRequest
from cotpress.chat.backends import BACKENDS, BackendOptions, get_backend
from cotpress.errors import OptionError
from cotpress.evaluation import ChatStudentConfig
from cotpress.models import ModelSpec
from cotpress.pipeline import RewriterConfig
from cotpress.study import parse_study

HERE = f"{__name__}:open_parrot"
STUDY = f"""
name: A parrot
conditions:
  math: {{traces: world, domain: math, regime: long, limit: 2}}
rewriting: {{levels: [edit], rewriter: '{HERE}', model: polly}}
backend: '{HERE}'
seeds: [0]
"""


class Parrot:
    """Answers with the last number of what it was sent."""

    endpoint = "a parrot"

    async def ask(self, request: ChatRequest) -> ChatReply:
        numbers = re.findall(r"[0-9]+", request.messages[-1].content) or ["0"]
        return ChatReply(f"The answer is {numbers[-1]}.", "stop", 1, 1, 0.0)

    async def close(self) -> None: ...


def open_parrot(model: ModelSpec, options: BackendOptions) -> Parrot:
    """A parrot."""
    return Parrot()


def test_every_backend_says_what_it_is() -> None:
    assert {"transformers", "vllm", "openai"} <= set(BACKENDS)
    assert all(backend.summary.endswith(".") for backend in BACKENDS.values())
    assert get_backend(HERE).summary == "A parrot."


@pytest.mark.parametrize("name", ["transfomers", "cotpress.chat:nothing", "math:pi"])
def test_what_is_no_backend_is_refused(name: str) -> None:
    with pytest.raises(OptionError):
        ChatStudentConfig(ModelSpec("m"), name)
    with pytest.raises(OptionError):
        RewriterConfig(name, ModelSpec("m"))


def test_a_student_answers_by_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ("evaluate", "--backend", HERE, "--model", "polly", "--benchmark", "world_math", "--limit", 3)
    assert cotpress(*words, "-o", tmp_path / "eval", "--json", "--quiet") == 0
    summary = json.loads(capfd.readouterr().out)
    assert summary["settings"]["student"]["endpoint"] == "a parrot"
    assert summary["overall"]["outcomes"]["right"] + summary["overall"]["outcomes"]["wrong"] == 1.0


def test_a_rewriter_asks_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    traces = tmp_path / "t.jsonl"
    assert cotpress("world", "sample", "--domain", "math", "--regime", "short", "-n", 2, "-o", traces) == 0
    capfd.readouterr()
    words = ("rewrite", traces, "-o", tmp_path / "out", "--rewriter", HERE, "--model", "polly")
    assert cotpress(*words, "--store", tmp_path / "store", "--level", "edit", "--json", "-q") == 3  # all are rejected:
    summary = json.loads(capfd.readouterr().out)
    assert summary["rejected_reasons"] == {"not-empty": 2}  # what a parrot says is no reasoning
    assert summary["method"]["rewriter"]["name"] == HERE
    # The parrot repeats the digits of the prompt's tag, too, so it may say another thing at the second try.
    assert 4 <= len((tmp_path / "out" / "calls.jsonl").read_text().splitlines()) <= 6


def test_a_study_names_it() -> None:
    study = parse_study(STUDY, "parrot")
    assert study.rewriting is not None
    assert (study.backend, study.rewriting.rewriter) == (HERE, HERE)
    with pytest.raises(OptionError, match="nobody"):
        parse_study(STUDY.replace(f"backend: '{HERE}'", "backend: nobody"), "parrot")
