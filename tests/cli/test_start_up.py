"""What a call of the command line loads: its own verb, and of the package only what that needs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

# What a pruning run by the backbone has no use for.
IDLE = ("cotpress.rewriting", "cotpress.chat.openai_chat", "cotpress.served.served_lm", "cotpress.world")
HEAVY = ("numpy", "pyarrow", "torch", "transformers")


def list_loaded(*words: str) -> set[str]:
    """The modules that are loaded when a call has ended."""
    code = (
        "import json, sys\nfrom cotpress.cli import main\n"
        f"try: main({list(words)})\nexcept SystemExit as ended: assert not ended.code, ended\n"
        "print(json.dumps(list(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def test_the_version_needs_no_parser() -> None:
    assert not {"cyclopts", "rich", *HEAVY} & list_loaded("--version")


def test_the_help_of_a_verb_loads_that_verb_alone() -> None:
    loaded = list_loaded("compress", "--help")
    assert not {"cotpress.pipeline", "cotpress.cli.verbs.rewrite", *HEAVY} & loaded
    assert "cotpress.cli.verbs.compress" in loaded


def test_pruning_loads_no_rewriting_and_no_chat(tmp_path: Path) -> None:
    rows = tmp_path / "traces.jsonl"
    rows.write_text('{"question": "2+3?", "reasoning": "Two and three. 2+3=5.", "answer": "5"}\n')
    loaded = list_loaded("compress", str(rows), "-o", str(tmp_path / "out"), "-q", "--store", str(tmp_path / "store"))
    assert "cotpress.pipeline.pruning_run" in loaded
    assert {"torch", "transformers", *IDLE} & loaded == set()


@pytest.mark.parametrize("package", ["pipeline", "chat", "served"])
def test_a_front_has_all_names_that_it_lists(package: str) -> None:
    code = (
        f"import cotpress.{package} as front\n"
        "values = [getattr(front, name) for name in front.__all__]\n"
        "try: front.no_such_name\nexcept AttributeError: print(len(values))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert int(done.stdout) > 0, done.stderr
