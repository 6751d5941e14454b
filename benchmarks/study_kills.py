"""A study killed 20 times: its tables against an undisturbed run's, steps made twice, and what a no-op rerun costs.

python benchmarks/study_kills.py
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

KILLS, LATEST = 20, 12.0  # seconds after which a run is killed at the latest
STUDY = """
name: killed
conditions:
  math: {traces: world, domain: math, regime: short, limit: 32, benchmarks: {world_math: null}}
  general: {traces: world, domain: general, regime: long, limit: 32, benchmarks: {world_general: null}}
scorer: world-llama
baselines: [uncompressed, no-reasoning]
pruning: {criteria: [nll, random], keep: [0.7, 0.4]}
rewriting: {levels: [edit, replace]}
students: [world-llama]
problems: 20
max_new_tokens: 400
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, rng = Path(place), random.Random(0)
        (folder / "study.yaml").write_text(STUDY)
        whole, seconds = _run(folder, "whole")
        kills = 0
        while kills < KILLS:
            process = subprocess.Popen(_words(folder, "killed"), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            time.sleep(3 + (LATEST - 3) * rng.random())
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        killed, _ = _run(folder, "killed")
        made = Counter(line["key"] for line in _journal(killed) if line["what"] == "made")
        same = _tables(whole) == _tables(killed)
        print(f"killed {kills} times; tables identical: {same}; steps made: {len(made)}, ", end="")
        print(f"of an undisturbed run: {len(_journal(whole))}; made twice: {sum(made.values()) - len(made)}")
        _, again = _run(folder, "whole")
        print(f"run: {seconds:.1f} s; rerun with nothing to do: {again:.1f} s, {again / seconds:.1%}")


def _words(folder: Path, name: str) -> list[str]:
    words = [sys.executable, "-m", "cotpress", "sweep", str(folder / "study.yaml")]
    return [*words, "-o", str(folder / name), "--workers", "2", "--quiet"]


def _run(folder: Path, name: str) -> tuple[Path, float]:
    began = time.monotonic()
    subprocess.run(_words(folder, name), check=True, capture_output=True)
    return folder / name, time.monotonic() - began


def _journal(run: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines()]


def _tables(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (run / "tables").iterdir()}


if __name__ == "__main__":
    main()
