"""What `cotpress show` prints on a terminal, as a picture.

    python benchmarks/show_picture.py ../shared/data/traces/limo_r1_distill_qwen_32b.jsonl

Draws docs/images/show.svg: the first lines of what `show` prints of one trace of the file, with its colours. Nothing is
loaded from elsewhere by the picture.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Final
from unittest.mock import patch

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from cotpress.cli import main as run_cotpress

PICTURE: Final = Path(__file__).resolve().parents[1] / "docs/images/show.svg"
TRACES, COLUMNS, LINES = 12, 100, 34  # traces of the file that are compressed; the size of the terminal
COMMAND: Final = "cotpress show out/ --worst equations --limit 1"
_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def draw_show(file: Path) -> str:
    """An SVG of what the command prints, in a folder where the first traces of the file were compressed."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        _capture("compress", str(file), "-o", "out/", "--limit", str(TRACES), "--keep", "0.3", "--quiet")
        printed = _capture(*COMMAND.split()[1:])
    console = Console(record=True, file=io.StringIO(), width=COLUMNS, legacy_windows=False)
    console.print(Text(f"$ {COMMAND}", "bold"))
    console.print(Text("\n").join(Text.from_ansi(printed).split()[: LINES - 1]), soft_wrap=True)
    return _FONT.sub("", console.export_svg(title="cotpress show", theme=MONOKAI, unique_id="show"))


def _capture(*words: str) -> str:
    """What a command prints on a terminal with colours."""
    terminal = {"COLUMNS": str(COLUMNS), "FORCE_COLOR": "1", "TERM": "xterm-256color"}
    printed = io.StringIO()
    with (
        patch.dict(os.environ, terminal),
        contextlib.redirect_stdout(printed),
        contextlib.suppress(SystemExit),
    ):
        os.environ.pop("NO_COLOR", None)
        run_cotpress(list(words))
    return printed.getvalue()


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("Give the file of traces: python benchmarks/show_picture.py limo_r1_distill_qwen_32b.jsonl")
    PICTURE.write_text(draw_show(Path(sys.argv[1]).resolve()), encoding="utf-8")
    print(f"docs/images/{PICTURE.name} drawn, {PICTURE.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
