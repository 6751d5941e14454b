"""The commands of the pages for beginners run, one after the other, on files such as the pages name."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command import cotpress

from cotpress.world import sample

DOCS = Path(__file__).parents[1] / "docs"
# What needs the hub, a cluster, or more processes (tests/scale has the executors) is not run here.
ELSEWHERE = ("--push", "cotpress push", "--executor", "Qwen/", "cotpress help")
_YAML = re.compile(r"```yaml\n(.*?)```", re.DOTALL)
_PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def _write_rows(name: str, rows: list[dict[str, Any]]) -> None:
    Path(name).write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def _make_files() -> None:
    """Traces as R1 writes them, agents' conversations with calls, and plain rows."""
    traces = [drawn.trace for drawn in sample("math", "long", 6, seed=3)]
    _write_rows("traces.jsonl", [{"question": t.question, "reasoning": t.reasoning, "answer": t.gold} for t in traces])
    rated = [
        {"question": t.question, "reasoning": t.reasoning, "answer": t.gold, "gold": t.gold, "difficulty": place / 10}
        for place, t in enumerate(traces)
    ]
    _write_rows("rated.jsonl", rated)
    thinking = [f"<think>\n{t.reasoning}\n</think>\n\nThe answer is {t.gold}." for t in traces]
    asked = [{"role": "user", "content": trace.question} for trace in traces]
    _write_rows(
        "r1.jsonl",
        [
            {
                "messages": [question, {"role": "assistant", "content": text}],
                "gold": "77" if number == 0 else trace.gold,
            }
            for number, (question, text, trace) in enumerate(zip(asked, thinking, traces, strict=True))
        ],
    )
    call = {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    tools = [{"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}]
    turns = [
        {"role": "assistant", "reasoning_content": traces[0].reasoning, "content": "", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "nothing"},
        {"role": "assistant", "reasoning_content": traces[1].reasoning, "content": "The answer is 4."},
    ]
    _write_rows("agents.jsonl", [{"messages": [asked[0], *turns], "tools": tools}] * 2)


def _list_commands(page: str) -> Iterator[str]:
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    for line in re.findall(r"^    (cotpress .*)$", text, re.MULTILINE):
        if not any(word in line for word in ELSEWHERE):
            yield line.partition("  #")[0]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("COTPRESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delitem(sys.modules, "mine", raising=False)
    _make_files()
    for code in _PYTHON.findall((DOCS / "tasks.md").read_text(encoding="utf-8")):
        name = "mine.py" if "keep_equations" in code else "render.py"
        (tmp_path / name).write_text(code, encoding="utf-8")
    [study] = _YAML.findall((DOCS / "tasks.md").read_text(encoding="utf-8"))
    (tmp_path / "study.yaml").write_text(study, encoding="utf-8")
    yield tmp_path
    sys.modules.pop("mine", None)


@pytest.mark.parametrize("page", ["quickstart", "tasks"])
def test_the_commands_of_a_page_run(page: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(_list_commands(page))
    assert len(lines) >= 6
    for line in lines:
        words = shlex.split(line)[1:]
        again = ["--force"] if words[0] == "compress" else []  # the page writes to `out` more than once
        assert cotpress(*words, *again) == 0, line
    capsys.readouterr()


def test_what_is_said_of_llama_factory_and_agents_holds(folder: Path) -> None:
    r1, _, _, agents, *_ = (line for line in _list_commands("tasks") if line.startswith("cotpress compress"))
    cotpress(*shlex.split(r1)[1:])
    entry = json.loads((folder / "out" / "dataset_info.json").read_text(encoding="utf-8"))["cotpress"]
    assert (entry["file_name"], entry["formatting"]) == ("sft.jsonl", "sharegpt")
    rejected = (folder / "out" / "rejected.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(row)["reason"] for row in rejected] == ["wrong-answer"]
    cotpress(*shlex.split(agents)[1:], "--force")
    [before, after] = (_read_first(path) for path in (folder / "agents.jsonl", folder / "out" / "sft.jsonl"))
    assert after["tools"] == before["tools"]
    for old, new in zip(before["messages"], after["messages"], strict=True):
        shortened = len(old.pop("reasoning_content", "")) - len(new.pop("reasoning_content", ""))
        assert new == old
        assert (shortened > 0) == (old["role"] == "assistant")


def test_a_study_has_a_row_of_gauges_for_each_criterion_and_ratio(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in _list_commands("tasks"):
        if line.startswith(("cotpress sweep", "cotpress report")):
            assert cotpress(*shlex.split(line)[1:]) == 0
    rows = (folder / "runs/mine/tables/gauges.md").read_text(encoding="utf-8").splitlines()[2:]
    assert len(rows) == 4 * 3
    assert sum("mine:keep_equations" in row for row in rows) == 3
    told = capsys.readouterr().err
    assert "mine:keep_equations step: done" in told  # one job is done at every ratio: it names none
    assert "$" not in told


def _read_first(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8").splitlines()[0]))


def test_a_row_of_agents_is_rendered(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("datasets", reason="the page loads the set with the extra 'hub'")
    monkeypatch.setenv("HF_DATASETS_CACHE", str(folder / "datasets"))
    render = runpy.run_path(str(folder / "render.py"))["render"]

    class Tokenizer:
        def apply_chat_template(self, messages: list[dict[str, Any]], *, tools: Any, tokenize: bool) -> tuple[int, int]:
            assert not tokenize
            return len(messages), len(tools)

    assert render(Tokenizer(), "agents.jsonl") == (4, 1)
