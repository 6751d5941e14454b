"""Whole evaluations with a scripted student: classes, seeds, resuming, folders, baselines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scripted_student import PlainGrader, Scripted, fails, solve

from cotpress.chat import ChatReply, ChatRequest
from cotpress.errors import CotpressError, InputError, ModelError, OptionError, OutputError
from cotpress.evaluation import (
    ChatStudent,
    EvaluationConfig,
    EvaluationOutput,
    EvaluationResult,
    evaluate,
    read_evaluation_result,
)
from cotpress.evaluation import log as log_file
from cotpress.evaluation.benchmarks import BenchmarkItem

Items = Mapping[str, Sequence[BenchmarkItem]]
Say = Callable[[ChatRequest], ChatReply | CotpressError]


def run(
    say: Say,
    items: Items,
    plan: EvaluationConfig | None = None,
    output: EvaluationOutput | None = None,
    concurrency: int = 64,
) -> tuple[EvaluationResult, Scripted]:
    chat = Scripted(say)
    student = ChatStudent(chat, "sum", concurrency=concurrency)
    return evaluate(student, items, plan, output, PlainGrader()), chat  # type: ignore[arg-type]


def test_in_memory(items: Items) -> None:
    done, chat = run(solve, items)
    assert [(row.benchmark, row.id) for row in done.rows] == [(name, one.id) for name in items for one in items[name]]
    assert chat.closed == 1
    summary = done.summarize()
    assert summary["overall"]["accuracy"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert list(summary["benchmarks"]) == ["one", "two"]
    [row] = [row for row in done.rows if row.problem_key == ("two", "3")]
    assert (row.answer, row.gold, row.outcome, row.prompt_tokens) == ("23", "23", "right", 5)
    assert (row.steps, row.reflective_steps) == (4, 1)
    assert row.completion_tokens == 40
    assert 0 < row.reasoning_tokens < row.generated_tokens
    assert summary["settings"]["counted_with"] == "units"
    assert json.loads(json.dumps(summary, allow_nan=False)) == summary


def test_every_class(items: Items) -> None:
    outcomes: dict[str, ChatReply | CotpressError] = {
        "0": ChatReply("The answer is 1", "stop", 1, 4, 0.0),
        "1": ChatReply("The answer is 7", "stop", 1, 4, 0.0),
        "2": ChatReply("The answer is 3", "length", 1, 4, 0.0),
        "3": ChatReply("I do not know.", "stop", 1, 4, 0.0),
        "4": ChatReply(" ", "stop", 1, 1, 0.0),
        "5": fails(None),  # type: ignore[arg-type]
    }
    done, _ = run(lambda request: outcomes[request.messages[-1].content.split()[0]], {"one": items["one"]})
    assert [row.outcome for row in done.rows] == ["right", "wrong", "truncated", "unparsed", "empty", "failed"]
    assert done.rows[2].answer == "3"  # stated, and right, but cut off
    assert done.rows[5].error == "It answered 500."
    overall = done.summarize()["overall"]
    assert overall["accuracy"]["value"] == pytest.approx(1 / 6)
    assert overall["truncated_with_answer"] == 1
    assert set(overall["outcomes"].values()) == {1 / 6, 0}


def test_samples_have_seeds_of_their_own(items: Items) -> None:
    plan = EvaluationConfig(samples=3, temperature=0.6, top_p=0.9, max_new_tokens=50, system="Be brief.", seed=4)
    done, chat = run(solve, items, plan)
    assert len(done.rows) == 30
    assert len({one.sampling.seed for one in chat.asked}) == 30
    assert {(one.sampling.temperature, one.sampling.max_tokens) for one in chat.asked} == {(0.6, 50)}
    assert [message.role for message in chat.asked[0].messages] == ["system", "user"]
    _, again = run(solve, {"two": items["two"]}, plan)
    assert {one.sampling.seed for one in again.asked} < {one.sampling.seed for one in chat.asked}
    _, other = run(solve, items, replace(plan, seed=5))
    assert not {one.sampling.seed for one in other.asked} & {one.sampling.seed for one in chat.asked}
    assert list(done.summarize()["overall"]["pass_at"]) == ["1", "2", "3"]


def test_a_folder_says_the_same(items: Items, tmp_path: Path) -> None:
    done, _ = run(solve, items, output=EvaluationOutput(tmp_path / "eval"))
    assert sorted(path.name for path in (tmp_path / "eval").iterdir()) == ["rows.parquet", "summary.json"]
    read = read_evaluation_result(tmp_path / "eval")
    assert read.rows == done.rows
    assert read.key == done.key
    assert json.loads((tmp_path / "eval" / "summary.json").read_text()) == done.summarize()


def stop_after(count: int, error: BaseException) -> Say:
    """Answers so many, then raises for good."""
    left = [count]

    def say(request: ChatRequest) -> ChatReply:
        left[0] -= 1
        if left[0] < 0:
            raise error
        return solve(request)

    return say


@pytest.mark.parametrize("error", [ModelError("The weights are gone."), KeyboardInterrupt(), RuntimeError("killed")])
def test_it_goes_on_where_it_stopped(items: Items, tmp_path: Path, error: BaseException) -> None:
    plan, folder = EvaluationConfig(samples=2, temperature=1.0), tmp_path / "eval"
    with pytest.raises(type(error)):
        run(stop_after(9, error), items, plan, EvaluationOutput(folder), concurrency=2)
    kept = (folder / ".rows.jsonl").read_text().splitlines()[1:]
    assert kept or isinstance(error, KeyboardInterrupt)
    assert not (folder / "summary.json").exists()
    with (folder / ".rows.jsonl").open("a") as file:
        file.write('{"benchmark": "one", "id": "cut o')
    done, chat = run(solve, items, plan, EvaluationOutput(folder))
    assert len(chat.asked) == 20 - len(kept)
    undisturbed, _ = run(solve, items, plan)
    assert done.rows == undisturbed.rows


def test_a_half_logged_problem_is_asked_again(items: Items, tmp_path: Path) -> None:
    plan, folder = EvaluationConfig(samples=2, temperature=1.0), tmp_path / "eval"
    done, _ = run(solve, items, plan)
    with log_file.open_evaluation_log(folder, done.key) as log:
        log.append(done.rows[:5])
    again, chat = run(solve, items, plan, EvaluationOutput(folder))
    assert len(chat.asked) == 16
    assert again.rows == done.rows


def test_failed_calls_are_asked_again(items: Items, tmp_path: Path) -> None:
    def half(request: ChatRequest) -> ChatReply | CotpressError:
        return fails(request) if request.messages[-1].content.startswith("2") else solve(request)

    first, _ = run(half, items, output=EvaluationOutput(tmp_path))
    assert sum(row.outcome == "failed" for row in first.rows) == 2
    second, chat = run(solve, items, output=EvaluationOutput(tmp_path))
    assert len(chat.asked) == 2
    assert {row.outcome for row in second.rows} == {"right"}
    assert read_evaluation_result(tmp_path).rows == second.rows
    _, nobody = run(solve, items, output=EvaluationOutput(tmp_path))
    assert nobody.asked == []


def test_a_folder_that_is_taken(items: Items, tmp_path: Path) -> None:
    folder = tmp_path / "eval"
    run(solve, items, output=EvaluationOutput(folder))
    with pytest.raises(OutputError, match="finished evaluation with other settings"):
        run(solve, items, EvaluationConfig(max_new_tokens=7), EvaluationOutput(folder))
    run(solve, items, EvaluationConfig(max_new_tokens=7), EvaluationOutput(folder, force=True))
    assert read_evaluation_result(folder).settings["max_new_tokens"] == 7
    unfinished = tmp_path / "unfinished"
    with log_file.open_evaluation_log(unfinished, "other"), pytest.raises(OutputError, match="Another process"):
        run(solve, items, output=EvaluationOutput(unfinished))
    with pytest.raises(OutputError, match="unfinished evaluation with other settings"):
        run(solve, items, output=EvaluationOutput(unfinished))
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        run(solve, items, output=EvaluationOutput(tmp_path / "file"))
    (folder / "summary.json").write_text("[")
    with pytest.raises(OutputError, match="damaged"):
        run(solve, items, output=EvaluationOutput(folder))


@pytest.mark.parametrize("force", [False, True])
def test_what_other_commands_wrote_is_left_alone(items: Items, tmp_path: Path, force: bool) -> None:
    (tmp_path / "summary.json").write_text('{"traces": 3}')  # such as that of compress
    with pytest.raises(OutputError, match="holds files that no evaluation left"):
        run(solve, items, output=EvaluationOutput(tmp_path, force))
    assert (tmp_path / "summary.json").read_text() == '{"traces": 3}'
    assert [one.name for one in tmp_path.iterdir()] == ["summary.json"]


def test_a_forced_run_that_was_stopped_goes_on(items: Items, tmp_path: Path) -> None:
    run(solve, items, EvaluationConfig(max_new_tokens=7), EvaluationOutput(tmp_path))
    force = EvaluationOutput(tmp_path, force=True)
    with pytest.raises(ModelError):
        run(stop_after(5, ModelError("gone")), items, None, force, concurrency=1)
    kept = len((tmp_path / ".rows.jsonl").read_text().splitlines()) - 1
    _, chat = run(solve, items, None, force, concurrency=1)
    assert len(chat.asked) == 10 - kept < 10


def test_a_full_disk_keeps_what_was_there(items: Items, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cotpress.evaluation.log.write_evaluation_rows", full)
    with pytest.raises(OutputError, match="No space left"):
        run(solve, items, output=EvaluationOutput(tmp_path))
    monkeypatch.undo()
    _, chat = run(solve, items, output=EvaluationOutput(tmp_path))
    assert chat.asked == []


def test_against_a_baseline(items: Items, tmp_path: Path) -> None:
    def talkative(request: ChatRequest) -> ChatReply:
        reply = solve(request)
        return replace(reply, text=reply.text.replace("Wait, let me check that.", "Wait, let me check that. " * 20))

    run(talkative, items, output=EvaluationOutput(tmp_path / "long"))
    read = read_evaluation_result(tmp_path / "long")
    run(solve, {"one": items["one"]}, output=EvaluationOutput(tmp_path / "short", baseline=read))
    compared = json.loads((tmp_path / "short" / "summary.json").read_text())["comparison"]
    assert compared["overall"]["problems"] == 6
    assert compared["overall"]["only_in_baseline"] == 4
    assert compared["only_in_baseline"] == [f"two/{at}" for at in range(4)]
    ratio = compared["overall"]["inference_ratio"]
    assert 0 < ratio["low"] <= ratio["value"] <= ratio["high"] < 0.5
    assert compared["benchmarks"]["one"] == {**compared["overall"], "only_in_baseline": 0}
    with pytest.raises(OptionError, match="generation budget of 2048"):
        run(solve, items, EvaluationConfig(max_new_tokens=9), EvaluationOutput(tmp_path / "other", baseline=read))
    assert not (tmp_path / "other").exists()
    allowed = EvaluationOutput(tmp_path / "other", baseline=read, allow_other_token_limit=True)
    run(solve, items, EvaluationConfig(max_new_tokens=9), allowed)
    compared = json.loads((tmp_path / "other" / "summary.json").read_text())["comparison"]
    assert compared["baseline_max_new_tokens"] == 2048


def test_what_cannot_be_evaluated(items: Items, tmp_path: Path) -> None:
    one = items["one"]
    for wrong, said in (({}, "No benchmark"), ({"x": []}, "no problems"), ({"x": [one[0], one[0]]}, "occur twice")):
        with pytest.raises(OptionError, match=said):
            run(solve, wrong)  # type: ignore[arg-type]
    for plan in ({"samples": 0}, {"samples": 2}, {"temperature": 3.0}, {"max_new_tokens": 0}):
        with pytest.raises(OptionError):
            EvaluationConfig(**plan)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no finished evaluation"):
        read_evaluation_result(tmp_path)
    (tmp_path / "summary.json").write_text("{}")
    with pytest.raises(InputError, match="cannot be read"):
        read_evaluation_result(tmp_path)


def test_inside_a_running_loop(items: Items) -> None:
    async def notebook() -> EvaluationResult:
        return run(solve, items)[0]

    assert len(asyncio.run(notebook()).rows) == 10


@pytest.mark.parametrize(
    ("text", "reasoning"),
    [
        ("<think>a b</think>The answer is 4", "a b"),
        ("a </think> b </think> c", "a </think> b "),
        ("So.\nThe answer is 4\nDone.", "So.\n\nDone."),
        ("We get $\\boxed{4}$", "We get "),
        ("nothing stated", "nothing stated"),
    ],
)
def test_what_is_reasoning(text: str, reasoning: str) -> None:
    from cotpress.evaluation.reply_rows import extract_reasoning

    assert extract_reasoning(text).strip(" .") == reasoning.strip(" .")
