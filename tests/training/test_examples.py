"""Rows of every export format become the same conversation; what cannot is rejected with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cotpress.chat import ChatMessage
from cotpress.errors import InputError
from cotpress.export import EXPORT_FORMATS
from cotpress.export import ExportExample as Exported
from cotpress.training.examples import TrainingExample, make_no_examples_error, read_examples
from cotpress.types import Rejected

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1).filter(str.strip)


def _write(path: Path, *rows: Any) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def test_every_export_format_has_a_reader() -> None:
    assert all(known.columns and known.read_turns for known in EXPORT_FORMATS.values())


@pytest.mark.parametrize("name", sorted(EXPORT_FORMATS))
@given(system=st.just("") | words, prompt=words, completion=words)
def test_a_format_comes_back_as_it_was_written(name: str, system: str, prompt: str, completion: str) -> None:
    row = EXPORT_FORMATS[name].build_row(Exported("7", system, prompt, completion))
    read_turns = EXPORT_FORMATS[name].read_turns
    assert read_turns is not None
    assert all(row.get(column) is not None for column in EXPORT_FORMATS[name].columns)
    first = [("system", system)] if system else []
    assert read_turns(row) == [*first, ("user", prompt), ("assistant", completion)]


def test_plain_prompts_and_several_turns_are_read(tmp_path: Path) -> None:
    turns = [("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")]
    path = _write(
        tmp_path / "sft.jsonl",
        {"prompt": "1+1?", "completion": "2"},
        {"messages": [{"role": role, "content": content} for role, content in turns]},
    )
    plain, several = read_examples([path])
    assert plain == TrainingExample((ChatMessage("user", "1+1?"),), "2", str(path), 1)
    assert isinstance(several, TrainingExample)
    assert [one.content for one in several.prompt] == ["a", "b", "c"]
    assert several.completion == "d"


_ASKED = {"role": "user", "content": "q"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"question": "q", "anwser": "a"}, "unknown-columns"),
        ({"prompt": [_ASKED], "completion": [{"role": "assistant", "content": " \n"}]}, "empty-completion"),
        ({"messages": [{"role": "user", "content": " "}, {"role": "assistant", "content": "a"}]}, "empty-prompt"),
        ({"messages": [{"role": "assistant", "content": "a"}]}, "no-completion"),
        ({"messages": [{"role": "assistant", "content": "a"}, _ASKED]}, "no-completion"),
        ({"messages": "q"}, "bad-turns"),
        ({"messages": [{"role": "judge", "content": "q"}, {"role": "assistant", "content": "a"}]}, "bad-turns"),
        ({"messages": [{"role": "user", "content": None}, {"role": "assistant", "content": "a"}]}, "bad-turns"),
        ({"instruction": 3, "output": "a"}, "bad-turns"),
        ("{cut", "invalid-json"),
        ("[1]", "not-an-object"),
    ],
)
def test_a_bad_row_is_rejected_with_its_place(tmp_path: Path, row: Any, reason: str) -> None:
    path = _write(tmp_path / "sft.jsonl", {"id": "ok", "prompt": "q", "completion": "a"}, row)
    good, bad = read_examples([path])
    assert isinstance(good, TrainingExample)
    assert isinstance(bad, Rejected)
    assert (bad.reason, bad.line, bad.source) == (reason, 2, str(path))
    assert bad.detail.endswith((".", ")."))


def test_an_output_folder_stands_for_its_training_set(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "rejected.jsonl").write_text('{"reason": "x"}\n')
    other = _write(tmp_path / "more.jsonl", {"prompt": "q", "completion": "b"})
    _write(folder / "sft.jsonl", {"prompt": "q", "completion": "a"})
    assert [one.completion for one in read_examples([folder, other]) if isinstance(one, TrainingExample)] == ["a", "b"]


def test_an_unfinished_output_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out" / ".parts").mkdir(parents=True)
    with pytest.raises(InputError, match="not finished"):
        list(read_examples([tmp_path / "out"]))


def test_the_error_for_nothing_left_names_the_most_common_reason(tmp_path: Path) -> None:
    path = _write(tmp_path / "sft.jsonl", {"body": "a"}, "{cut", {"body": "b"})
    said = str(make_no_examples_error([one for one in read_examples([path]) if isinstance(one, Rejected)]))
    assert "Of 3 rows none" in said
    assert "2 for 'unknown-columns' (line 1" in said
    assert "\n" not in said


def test_the_key_of_an_example_is_of_its_content() -> None:
    asked = (ChatMessage("user", "q"),)
    assert TrainingExample(asked, "a", "x", 1).key == TrainingExample(asked, "a", "y", 2, "id").key
    assert TrainingExample(asked, "a").key != TrainingExample(asked, "b").key


def test_where_all_are_too_long_the_error_says_what_to_do() -> None:
    rejects = [Rejected("too-long", "4380 tokens, and the limit is 1024.", id=str(number)) for number in range(3)]
    assert "--max-length" in str(make_no_examples_error(rejects))
    assert "--max-length" not in str(make_no_examples_error([Rejected("no-completion", "There is none.")]))
