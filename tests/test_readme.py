"""What the README shows is what the commands print: its console lines and its Python are run here.

`python tests/test_readme.py` prints the README with fresh output in place.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import runpy
import shlex
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

import cotpress
from cotpress.analysis.pairs import open_pairs
from cotpress.cli import main
from cotpress.reporting import draw_pair

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
DEFAULT = "backbone (default)"
_CONSOLE = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
_PYTHON = re.compile(r"```python\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL)
_SECONDS = re.compile(r"in \d+\.\d s")


def _print_command(command: str) -> None:
    """What a line of the console prints, in this process."""
    program, *words = shlex.split(command)
    assert program == "cotpress", command
    with contextlib.suppress(SystemExit):
        main(words)


def _capture(call: Callable[[], object], folder: Path) -> str:
    """What a call prints on standard output, in a folder, on a terminal of 100 columns."""
    printed, environment = io.StringIO(), {"COTPRESS_CACHE": str(folder / "cache"), "COLUMNS": "100"}
    with contextlib.chdir(folder), patch.dict(os.environ, environment), contextlib.redirect_stdout(printed):
        call()
    return printed.getvalue()


def _console(block: str, folder: Path) -> str:
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"{line}\n{_capture(partial(_print_command, line[2:]), folder)}" for line in commands)


def _python(code: str, folder: Path) -> str:
    return _capture(lambda: exec(compile(code, "README", "exec"), {}), folder)


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


def test_the_figure_is_drawn_from_the_page_of_results() -> None:
    draw = runpy.run_path(str(ROOT / "benchmarks" / "backbone_figure.py"))["draw_figure"]
    page = (ROOT / "docs" / "results" / "backbone.md").read_text(encoding="utf-8")
    assert (ROOT / "docs" / "images" / "kept-content.svg").read_text(encoding="utf-8") == draw(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_figure_of_accuracy_is_drawn_from_the_committed_tables(theme: str) -> None:
    program = runpy.run_path(str(ROOT / "benchmarks" / "accuracy_figure.py"))
    points = program["read_points"]()
    assert program["get_picture"](theme).read_text(encoding="utf-8") == program["draw_figure"](points, theme)
    assert {point["series"] for point in points} == {series[0] for series in program["SERIES"].values()}
    assert all(0 <= point["low"] <= point["y"] <= point["high"] <= 1 for point in points)


def test_what_is_said_of_the_figure_holds() -> None:
    program = runpy.run_path(str(ROOT / "benchmarks" / "accuracy_figure.py"))
    found = {(point["panel"][:4], point["series"]): point for point in program["read_points"]()}
    for domain, length, share in (("Math", 0.25, 1.0), ("Gene", 0.36, 0.9)):  # "as good", and "nearly so"
        default, whole = found[domain, DEFAULT], found[domain, "whole traces"]
        assert default["high"] >= share * whole["low"]
        assert default["x"] < length
    written = " ".join(README.read_text(encoding="utf-8").split())
    assert f"nearly so in General ({found['Gene', DEFAULT]['y']:.2f} of 1.00)" in written
    lost = found["Gene", "whole traces"]["y"] - found["Gene", "backbone, 0.3"]["y"]
    assert f"General loses {100 * lost:.0f} points" in README.read_text(encoding="utf-8")
    for series in ("random steps, 0.3", "mean NLL, 0.3", "truncation, 0.3"):
        assert found["Math", series]["low"] < found["Math", "answers alone"]["high"]


def test_the_picture_is_what_show_draws(shared_data: Path, tmp_path: Path) -> None:
    rows = cotpress.read(shared_data / "traces" / "limo_r1_distill_qwen_32b.jsonl")
    trace = next(row for row in rows if isinstance(row, cotpress.Trace) and row.id == "469")
    cotpress.write(cotpress.compress([trace], cotpress.Method()), tmp_path)
    pairs = open_pairs(tmp_path)
    [pair] = pairs.read(pairs.figures)
    assert (ROOT / "docs" / "images" / "trace.svg").read_text(encoding="utf-8") == draw_pair(pair)


def test_the_picture_of_the_terminal_is_what_show_prints(shared_data: Path) -> None:
    draw = runpy.run_path(str(ROOT / "benchmarks" / "show_picture.py"))["draw_show"]
    drawn = draw(shared_data / "traces" / "limo_r1_distill_qwen_32b.jsonl")
    assert (ROOT / "docs" / "images" / "show.svg").read_text(encoding="utf-8") == drawn
    assert "http" not in drawn.replace("http://www.w3.org/2000/svg", "").replace("https://www.textualize.io", "")


def test_every_picture_is_small_and_shown() -> None:
    written = README.read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^]]{20,}\]\((docs/images/[^)]+)\)", written)
    assert len(pictures) == written.count("![") == 3
    [themes] = re.findall(r'srcset="([^"]+)">\n  <img src="([^"]+)" alt="[^"]{20,}"', written)
    assert all((ROOT / picture).stat().st_size < 150_000 for picture in [*pictures, *themes])


def test_it_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").split()) <= 1200


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        sys.stdout.write(fresh(README.read_text(encoding="utf-8"), Path(place)))
