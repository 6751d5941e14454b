"""What holds for every registered benchmark."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from known_rows import ROWS, SHARED

from cotpress.evaluation.benchmarks import BENCHMARKS, INSTRUCTIONS, BenchmarkItem, load_benchmark
from cotpress.evaluation.grading import ANSWER_KINDS, Grader, GradingInput

READ = sorted(name for name, one in BENCHMARKS.items() if one.hub)
DRAWN = sorted(set(BENCHMARKS) - set(READ))
LAYOUTS = [(name, at) for name in sorted(ROWS) for at in range(len(ROWS[name]))]
ENDINGS = {"math": r"So it is $\boxed{%s}$.", "choice": "The answer is (%s).", "truth": "The answer is %s."}
ENDINGS["text"] = ENDINGS["math"]
SOME = 60  # of the problems of a file; all of them take most of a minute to grade twice


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with Grader(seconds=20) as one:
        yield one


def _loaded(name: str, at: int, folder: Path, instruct: bool = True) -> list[BenchmarkItem]:
    path = folder / "rows.jsonl"
    path.write_text(json.dumps(ROWS[name][at][0]) + "\n")
    return load_benchmark(name, path, instruct=instruct)


def _perturbed(item: BenchmarkItem) -> str:
    """Another answer of the same form."""
    if item.kind == "choice":
        return "ABCDEFGHIJ"[("ABCDEFGHIJ".index(item.gold) + 1) % len(item.options)]
    if item.kind == "truth":
        return {"True": "False", "False": "True"}[item.gold]
    if item.kind == "text" or re.fullmatch(r"\\text\{[^}]*\}|[a-zA-Z ]+", item.gold):
        return "nothing of the kind"
    digit = re.search(r"\d", item.gold)
    if digit is None:
        return item.gold + " + 1"
    return f"{item.gold[: digit.start()]}{(int(digit[0]) + 1) % 9 + 1}{item.gold[digit.end() :]}"


def _outcomes(grader: Grader, items: list[BenchmarkItem], answers: list[str]) -> list[tuple[str, str]]:
    """Each answer that was stated as instructed, with what became of it."""
    texts = [
        f"Let me think. It is not 12345.\n\n{ENDINGS[one.kind] % said}"
        for one, said in zip(items, answers, strict=True)
    ]
    attempts = [GradingInput(text, one.gold, one.kind, one.options) for text, one in zip(texts, items, strict=True)]
    return [(said, grade.outcome) for said, grade in zip(answers, grader.grade(attempts), strict=True)]


def _check_grading(grader: Grader, items: list[BenchmarkItem]) -> None:
    right = _outcomes(grader, items, [one.gold for one in items])
    assert [one for one in right if one[1] != "right"] == []
    wrong = _outcomes(grader, items, [_perturbed(one) for one in items])
    assert [(one, item.gold) for one, item in zip(wrong, items, strict=True) if one[1] != "wrong"] == []


def _check_item(item: BenchmarkItem, domain: str) -> None:
    assert item.kind in ANSWER_KINDS
    assert item.domain == domain
    assert item.gold == item.gold.strip() != ""
    assert item.prompt.strip()
    if item.kind == "choice":
        assert len(item.options) >= 2
        assert item.gold in "ABCDEFGHIJ"[: len(item.options)]
        for name, option in zip("ABCDEFGHIJ", item.options, strict=False):
            assert f"\n({name}) {option}" in item.prompt
    else:
        assert item.options == ()


def test_every_benchmark_that_is_read_has_a_row_here() -> None:
    assert sorted(ROWS) == READ


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_says_what_it_is(name: str) -> None:
    one = BENCHMARKS[name]
    assert one.name == name
    assert one.domain in ("math", "general")
    assert one.published_in
    assert one.summary
    assert bool(one.required_fields) == (one.hub is not None)


def test_the_documentation_names_every_benchmark_and_instruction() -> None:
    lines = (Path(__file__).parents[3] / "docs" / "benchmarks.md").read_text().splitlines()
    rows = {line.split("`")[1]: line for line in lines if line.startswith("| `")}
    assert sorted(rows) == sorted(BENCHMARKS)
    for name, hub in ((name, one.hub) for name, one in BENCHMARKS.items() if one.hub):
        where = ", ".join(part for part in (hub.config, hub.split) if part)
        assert f"| {hub.dataset} ({where}" in rows[name]
    assert [line for kind, line in INSTRUCTIONS.items() if f"| {kind} | {line} |" not in lines] == []


@pytest.mark.parametrize(("name", "at"), LAYOUTS)
def test_each_layout_loads(name: str, at: int, tmp_path: Path) -> None:
    (item,) = _loaded(name, at, tmp_path)
    row, gold = ROWS[name][at]
    _check_item(item, BENCHMARKS[name].domain)
    assert item.gold == (gold or row["reference_answer"]) or gold == "shuffled"
    assert item.prompt.endswith(f"\n\n{INSTRUCTIONS[item.kind]}")
    (bare,) = _loaded(name, at, tmp_path, instruct=False)
    assert item.prompt == f"{bare.prompt}\n\n{INSTRUCTIONS[item.kind]}"


@pytest.mark.parametrize(("name", "at"), LAYOUTS)
def test_the_gold_of_each_layout_is_right_and_another_wrong(name: str, at: int, tmp_path: Path, grader: Grader) -> None:
    _check_grading(grader, _loaded(name, at, tmp_path))


@pytest.mark.parametrize("name", SHARED)
def test_a_published_file_loads_whole(name: str, shared_data: Path) -> None:
    file, rows = SHARED[name]
    items = load_benchmark(name, shared_data / "benchmarks" / file)
    assert len(items) == rows
    assert len({one.id for one in items}) == rows
    for item in items:
        _check_item(item, BENCHMARKS[name].domain)


@pytest.mark.parametrize("name", SHARED)
def test_published_golds_are_right_and_others_wrong(name: str, shared_data: Path, grader: Grader) -> None:
    _check_grading(grader, load_benchmark(name, shared_data / "benchmarks" / SHARED[name][0], SOME))


@pytest.mark.slow
@pytest.mark.parametrize("name", SHARED)
def test_all_published_golds(name: str, shared_data: Path, grader: Grader) -> None:
    _check_grading(grader, load_benchmark(name, shared_data / "benchmarks" / SHARED[name][0]))


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_problems_are_asked_as_they_are_and_graded(name: str, grader: Grader) -> None:
    items = load_benchmark(name, limit=30)
    for item in items:
        _check_item(item, BENCHMARKS[name].domain)
        assert not any(line in item.prompt for line in INSTRUCTIONS.values())
    _check_grading(grader, items)
