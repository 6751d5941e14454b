"""Run every benchmark and write what they print to docs/performance.md, with the machine described.

    python benchmarks/all.py --data ../shared/data [--only corpora cells]
    python benchmarks/all.py --only streaming -- --sizes 10000 1000000

What follows `--` is given to the benchmark and shown on the page.

A benchmark that cannot run here (no data, no model) is listed with the reason. Sections that are not run
keep what an earlier run wrote.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "performance.md"
SECTIONS = {
    "corpora": ("Real traces: target and realized ratio", ["--data"]),
    "conversation_budget": ("A budget for each turn, for each conversation, for the corpus", ["--data"]),
    "blocks": ("Blocks: lead-ins, code and delimiters in what is kept", ["--data"]),
    "ngram": ("The n-gram model: speed, and agreement with a language model", ["--data"]),
    "scoring": ("Scoring with a language model against a bare forward pass and a plain script", ["--data"]),
    "scoring_memory": ("Scoring with a language model: memory, beside a plain script", ["--data"]),
    "head": ("Reducing the LM head: time and memory", []),
    "served": ("A served model against the same one in this process", ["--data"]),
    "cells": ("Further cells from stored signals", ["--data"]),
    "saliency": ("Saliency beside the package llmlingua", ["--data"]),
    "whole_sweep": ("A whole sweep against a run for each of its points", ["--data"]),
    "text_work": ("Reading a text without a model: cutting, blocks, backbone, gauges", ["--data"]),
    "startup": ("Starting up", []),
    "streaming": ("Memory of a streaming run", []),
    "processes": ("One machine: one process against all cores", ["--data"]),
    "scaling": ("What sharing a run out costs", []),
    "endpoint": ("Rewriting through an endpoint: rate and memory", []),
    "resilience": ("Rewriting while calls fail and the process is killed", []),
    "report_loading": ("The report of a large study: building and opening", []),
    "study_kills": ("A study that is killed, and one with nothing to do", []),
}
INTRO = """# Performance

Every figure on this page was printed by the command above it; `make benchmarks` runs them all and writes
this page. Times on shared machines are noisy: read the ratios, which compare things measured in turn in
one process, and the medians.
"""


def machine() -> str:
    """The machine in a line."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1]) / 2**20  # type: ignore[index]
    name = model[1] if model else platform.machine()
    return f"{name}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, no GPU used"


def section(name: str, data: Path, more: list[str]) -> str:
    """Run one benchmark, with `more` arguments; its page section."""
    title, flags = SECTIONS[name]
    shown = ["python", f"benchmarks/{name}.py", *(["--data", "../shared/data"] if "--data" in flags else []), *more]
    command = [sys.executable, str(HERE / f"{name}.py"), *(["--data", str(data)] if "--data" in flags else []), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (
        done.stdout.strip() if done.returncode == 0 else f"Could not run here: {done.stderr.strip().splitlines()[-1]}"
    )
    return f"## {title}\n\n    {' '.join(shown)}\n\n{machine()}\n\n{said}\n"


def earlier() -> dict[str, str]:
    """Sections of the page as it is; one that no benchmark here writes, by its title."""
    if not PAGE.is_file():
        return {}
    parts = re.split(r"^(?=## )", PAGE.read_text(), flags=re.MULTILINE)[1:]
    titles = {title: name for name, (title, _) in SECTIONS.items()}
    return {titles.get(title := part[3:].splitlines()[0], title): part for part in parts}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parents[1] / "shared" / "data")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument("more", nargs="*", help="arguments for the benchmark, after --")
    options = parser.parse_args()
    sections = earlier()
    for name in options.only:
        print(f"{name} ...", file=sys.stderr, flush=True)
        sections[name] = section(name, options.data, options.more)
        order = [*(one for one in SECTIONS if one in sections), *(one for one in sections if one not in SECTIONS)]
        page = "\n".join([INTRO, *(sections[one].rstrip() + "\n" for one in order)])
        PAGE.write_text(page)
    print(f"written to {PAGE}")


if __name__ == "__main__":
    main()
