"""What two source trees write, compared byte for byte: `compress` and `rewrite` on five files of traces, studies.

    python benchmarks/same_outputs.py --before OLD/src --after src --data ../shared/data [--rows 40] [--study demo]

Both trees work in a folder of the same path, one after the other, on inputs of the same modification time, so that
neither differs. Every file of every output folder is compared. A `summary.json` differs from run to run in its
seconds: there values are compared, without those of the names in NOT_COMPARED. Every difference is printed with its
key, once for all files that share it. With --study the tables of that study are compared, too: the name of one that
comes with the package, or a YAML file. A run that fails ends the comparison. The exit code is 1 where anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

FILES = {
    "limo.jsonl": ("limo_r1_distill_qwen_32b.jsonl", ()),
    "gsm8k.jsonl": ("gsm8k_train_2000.jsonl", ()),
    "strategyqa.json": ("strategyqa_human.json", ()),
    "qwen3.jsonl": ("qwen3_8b_think_on.jsonl", ("--join", "items.json")),
    "medical.jsonl": ("gpt_oss_medical.jsonl", ()),
}
JOINED = ("items.json", "thinking_items.json")
COMPRESSIONS = [
    f"--criterion {criterion} --granularity {granularity} --keep 0.3,0.5,0.9"
    for criterion in ("nll", "entropy", "random", "head", "tail", "middle-out", "reflection")
    for granularity in ("step", "token")
] + [
    "--granularity token --keep 0.5 --protect symbols --protect-regex therefore --export alpaca",
    "--granularity token --keep 0.29 --fill --export sharegpt --ratio-prompt default",
    "--granularity step --keep 0.5 --corpus --reduction sum --export prompt-completion",
    "--granularity step --max-tokens 100 --steps sentence --protect none --think none",
]
REWRITES = [
    f"--level {level} {keep}" for level in ("preserve", "edit", "fuse", "replace") for keep in ("", "--keep 0.6")
]
NOT_COMPARED = ("seconds", "started", "finished")  # of summary.json, at any depth
CALL = """
import json, sys, warnings
warnings.simplefilter("ignore")
from cotpress.cli import main
for words in json.load(open("commands.json")):
    try:
        main(words)
    except SystemExit as ended:
        if ended.code:
            sys.exit(f"{' '.join(words)} ended with {ended.code}")
"""


def list_commands(study: str) -> list[list[str]]:
    """The words of every call."""
    commands = []
    for file, (_, reading) in FILES.items():
        stem = file.partition(".")[0]
        for verb, settings in [("compress", COMPRESSIONS), ("rewrite", REWRITES)]:
            for number, words in enumerate(settings):
                output = f"out/{stem}-{verb}-{number:02d}"
                commands.append([verb, file, *reading, "-o", output, "--store", "store", "-q", *words.split()])
    return commands + ([["sweep", study, "-o", "out/study", "--quiet"]] if study else [])


def copy_rows(data: Path, folder: Path, rows: int) -> None:
    """The first rows of each file."""
    for file, name in [(file, name) for file, (name, _) in FILES.items()] + [JOINED]:
        text = (data / "traces" / name).read_text(encoding="utf-8")
        if file.endswith(".jsonl"):
            text = "".join(text.splitlines(keepends=True)[:rows])
        elif file != JOINED[0]:
            text = json.dumps(json.loads(text)[:rows])
        (folder / file).write_text(text, encoding="utf-8")
        os.utime(folder / file, (0, 0))


def run_all(source: Path, folder: Path, data: Path, options: argparse.Namespace) -> float:
    """Run every command with one tree in one process; the seconds that it took."""
    folder.mkdir()
    copy_rows(data, folder, options.rows)
    (folder / "commands.json").write_text(json.dumps(list_commands(options.study)))
    environment = {**os.environ, "PYTHONPATH": str(source), "COTPRESS_CACHE": str(folder / "cache")}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", CALL], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def list_outputs(folder: Path) -> dict[str, Path]:
    """Every file of the output folders; of a study's the tables alone."""
    files = {str(path.relative_to(folder)): path for path in sorted((folder / "out").rglob("*")) if path.is_file()}
    return {name: path for name, path in files.items() if not name.startswith("out/study/") or "/tables/" in name}


def find_differing_keys(before: Any, after: Any, key: str = "") -> Iterator[str]:
    """Where two JSON values differ, as dotted keys with both values; times are skipped."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted({*before, *after} - {*NOT_COMPARED}):
            yield from find_differing_keys(before.get(name), after.get(name), f"{key}.{name}" if key else name)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for pair in zip(before, after, strict=True):
            yield from find_differing_keys(*pair, f"{key}[]")
    elif before != after:
        yield f"{key}: {abbreviate(before)} -> {abbreviate(after)}"


def abbreviate(value: Any) -> str:
    """The beginning of a JSON value."""
    return json.dumps(value, ensure_ascii=False)[:80]


def compare_files(before: Path | None, after: Path | None) -> list[str]:
    """What differs between two files; nothing where they have the same bytes, or a summary the same values."""
    if before is None or after is None:
        return [f"written {'after' if before is None else 'before'} alone"]
    if before.read_bytes() == after.read_bytes():
        return []
    if before.name.endswith(".json"):
        return list(find_differing_keys(json.loads(before.read_text()), json.loads(after.read_text())))
    if not before.name.endswith(".jsonl"):
        return ["bytes"]
    rows = [[json.loads(line) for line in path.read_text().splitlines()] for path in (before, after)]
    if len(rows[0]) != len(rows[1]):
        return [f"{len(rows[0])} rows -> {len(rows[1])} rows"]
    keys = {difference for pair in zip(*rows, strict=True) for difference in find_differing_keys(*pair)}
    return sorted(keys)[:5] or ["the layout of its lines"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=Path, required=True, help="the folder that holds the old package")
    parser.add_argument("--after", type=Path, default=Path(__file__).resolve().parents[1] / "src")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rows", type=int, default=40, help="rows of each file")
    parser.add_argument("--study", default="", help="a study whose tables are compared, too")
    options = parser.parse_args()
    if Path(options.study).is_file():
        options.study = str(Path(options.study).resolve())
    with tempfile.TemporaryDirectory() as place:
        sides = {"before": options.before.resolve(), "after": options.after.resolve()}
        for side, source in sides.items():
            seconds = run_all(source, Path(place) / "work", options.data.resolve(), options)
            (Path(place) / "work").rename(Path(place) / side)
            print(f"{side}: {len(list_commands(options.study))} runs in {seconds:.0f} s", flush=True)
        before, after = (list_outputs(Path(place) / side) for side in sides)
        places: dict[str, list[str]] = defaultdict(list)
        for name in sorted({*before} | {*after}):
            for difference in compare_files(before.get(name), after.get(name)):
                places[difference].append(name)
    for difference, names in places.items():
        print(f"{difference}\n    in {len(names)} files, such as {names[0]}")
    print(f"{len({*before} | {*after})} files compared, {len({*chain(*places.values())})} differ.")
    return bool(places)


if __name__ == "__main__":
    sys.exit(main())
