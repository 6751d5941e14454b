"""`cotpress --install-completion`: the scripts are written, and bash completes with its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import cotpress

from cotpress.cli.app import VERBS

_PROGRAM = "#!{python}\nfrom cotpress.cli import main\nmain()\n"
_ASK = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
"$(complete -p cotpress | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("ZSH", raising=False)
    monkeypatch.delenv("ZSH_CUSTOM", raising=False)
    return tmp_path


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_written_that_knows_verbs_options_and_choices(
    shell: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cotpress("--install-completion", "--shell", shell, "--output", home / "script") == 0
    assert str(home / "script") in capsys.readouterr().out
    script = (home / "script").read_text(encoding="utf-8")
    assert all(name in script for name in (*VERBS, "granularity", "keep-original", "inference-cost"))


def _complete(home: Path, *words: str) -> list[str]:
    """What bash offers for the last of these words."""
    environment = {**os.environ, "PATH": f"{home}:{os.environ['PATH']}"}
    command = ["bash", "-c", _ASK, "bash", str(home / "script"), "cotpress", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=home, env=environment, timeout=120)
    assert not done.stderr
    return done.stdout.split()


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_completes_verbs_choices_names_and_files(home: Path) -> None:
    assert cotpress("--install-completion", "--shell", "bash", "--output", home / "script") == 0
    program = home / "cotpress"
    program.write_text(_PROGRAM.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    (home / "traces.jsonl").touch()
    assert _complete(home, "comp") == ["compress"]
    assert _complete(home, "compress", "--granularity", "") == ["step", "token"]
    assert _complete(home, "compress", "--criterion", "back") == ["backbone"]
    assert _complete(home, "compress", "tra") == ["traces.jsonl"]


def test_a_shell_that_is_not_known_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress("--install-completion", "--shell", "bsh") == 2
    assert "Did you mean 'bash'?" in capsys.readouterr().err
