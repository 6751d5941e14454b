"""What the README shows is what the commands print: its console lines and its Python are run here.

`python tests/test_readme.py` prints the README with fresh output in place.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

README = Path(__file__).resolve().parents[1] / "README.md"
_CONSOLE = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
_PYTHON = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)
_SECONDS = re.compile(r"in \d+\.\d s")


def _told(command: str, folder: Path) -> str:
    words = [sys.executable, "-m", *shlex.split(command)]
    environment = {**os.environ, "COTPRESS_CACHE": str(folder / "cache"), "COLUMNS": "100"}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


def _console(block: str, folder: Path) -> str:
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{_told(line[2:], folder)}" for line in commands)


def _python(code: str, folder: Path) -> str:
    printed = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(printed):
        exec(compile(code, "README", "exec"), {})
    return printed.getvalue()


def fresh(text: str, folder: Path) -> str:
    """The README with what its commands print now."""
    text = _CONSOLE.sub(lambda block: _console(block[0], folder), text)

    def with_output(match: re.Match[str]) -> str:
        return f"```python\n{match['code']}```\n\n```text\n{_python(match['code'], folder)}```"

    return _PYTHON.sub(with_output, text)


def test_the_readme_shows_what_is_printed(tmp_path: Path) -> None:
    written = README.read_text(encoding="utf-8")
    assert _SECONDS.sub("", fresh(written, tmp_path)) == _SECONDS.sub("", written)
    assert _CONSOLE.search(written)
    assert _PYTHON.search(written)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        sys.stdout.write(fresh(README.read_text(encoding="utf-8"), Path(place)))
