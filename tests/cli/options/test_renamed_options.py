"""Options by their names of before: a warning each, and the same as by the names of now."""

from __future__ import annotations

from pathlib import Path

import pytest
from command import cotpress

from cotpress.cli.app import build_app
from cotpress.cli.options.renamed_options import RENAMED_OPTIONS, rename_options


def test_an_option_of_before_works_with_a_warning(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = ["rewrite", tmp_path / "none.jsonl", "-o", tmp_path / "out", "--rewriter", "openai", "--model", "m"]
    assert cotpress(*words, "--max-tokens", "-5") == 2
    old = capfd.readouterr().err.splitlines()
    assert cotpress(*words, "--max-spent-tokens", "-5") == 2
    assert old == ["cotpress: --max-tokens of rewrite is now --max-spent-tokens.", *capfd.readouterr().err.splitlines()]


def test_the_same_word_of_another_verb_is_left_alone() -> None:
    words = ["compress", "a.jsonl", "-o", "out", "--max-tokens", "9", "--steps=sentence"]
    assert rename_options(words) == words


@pytest.mark.parametrize("verb", RENAMED_OPTIONS)
def test_the_names_of_now_are_options(verb: str) -> None:
    names = {name for argument in build_app()[verb].assemble_argument_collection() for name in argument.names}
    assert {*RENAMED_OPTIONS[verb].values()} <= names
    assert names.isdisjoint(RENAMED_OPTIONS[verb])
