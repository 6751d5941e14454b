"""Equal functions have equal hashes, in every process; changed ones have others."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cotpress.registry import import_object
from cotpress.source_hash import hash_source

WEIGHING = (
    "import functools\n\n\ndef weigh(evidence, by=1):\n    return by\n\n\nhalf = functools.partial(weigh, by={by})\n"
)


def test_a_changed_partial_has_another_hash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    hashes = []
    for number in (2, 3):
        (tmp_path / f"weighing_{number}.py").write_text(WEIGHING.format(by=number))
        hashes.append(hash_source(import_object(f"weighing_{number}:half", "function")))
    assert len(set(hashes)) == 2
    assert hash_source(partial(wait, "a")) != hash_source(partial(wait, "b"))


def test_functions_that_enclose_different_values_have_different_hashes() -> None:
    def make(by: int) -> Callable[[int], int]:
        return lambda value: by * value

    assert hash_source(make(2)) == hash_source(make(2)) != hash_source(make(3))


def wait(word: str, how: Any = (lambda: 1,)) -> str:
    return word


def test_a_default_without_a_fixed_form_leaves_the_hash_fixed() -> None:
    line = f"from cotpress.source_hash import hash_source\nfrom {__name__} import wait\nprint(hash_source(wait))"
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    ran = subprocess.run([sys.executable, "-c", line], capture_output=True, env={**os.environ, "PYTHONPATH": path})
    assert ran.stdout.decode().strip() == hash_source(wait), ran.stderr


def test_an_object_that_is_called_is_hashed_with_its_variables() -> None:
    @dataclass
    class Weight:  # equality without a hash
        by: int

        def __call__(self, value: int) -> int:
            return self.by * value

    assert hash_source(Weight(2)) == hash_source(Weight(2)) != hash_source(Weight(3))


def test_code_without_a_file_has_the_same_hash_in_every_process() -> None:
    line = "def score(evidence, by=2):\n    return [by * value for value in (lambda: evidence)()]\n"
    scope: dict[str, Any] = {"__name__": "typed_in"}
    hashes = set()
    for _ in range(2):
        exec(line, scope)
        hashes.add(hash_source(scope["score"]))
    assert len(hashes) == 1
    exec(line.replace("by * value", "by + value"), scope)
    assert hash_source(scope["score"]) not in hashes
