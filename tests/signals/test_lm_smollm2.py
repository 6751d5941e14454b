"""A real model on real traces: SmolLM2-135M-Instruct, unpacked from its GGUF file."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("gguf")

from cotpress.signals import LM, SignalStore, load_or_score  # noqa: E402
from cotpress.signals.trace_encoding import encode_texts  # noqa: E402
from cotpress.types import Trace  # noqa: E402


@pytest.fixture(scope="module")
def lm(smollm2_folder: Path) -> Iterator[LM]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield LM(smollm2_folder, dtype="float32", device="cpu")
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def traces(shared_data: Path) -> list[Trace]:
    """Two short traces and the first 300 characters of a long one, which has symbols outside ASCII."""
    with (shared_data / "traces" / "gsm8k_train_2000.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in islice(lines, 2)]
    with (shared_data / "traces" / "limo_r1_distill_qwen_32b.jsonl").open(encoding="utf-8") as lines:
        long = json.loads(next(lines))
    short = [Trace(f"gsm8k-{n}", row["question"], row["answer"]) for n, row in enumerate(rows)]
    return [*short, Trace("limo", long["question"], long["solution"][:300])]


def test_identity_is_known_before_loading(smollm2: Path) -> None:
    lm = LM(smollm2, dtype="float32", device="cpu")
    assert lm.identity["model"].endswith(".gguf")
    assert lm.identity["prompt"] == "chat template"
    assert "_ready" not in vars(lm)


def test_real_traces_against_the_full_softmax_in_float64(lm: LM, traces: list[Trace]) -> None:
    """The whole model in float64, each trace alone, every logit at once; ours in float32, batched and tiled."""
    traces = traces[1:]
    signals = lm.score(traces)
    ready = lm._loaded
    trunk = copy.deepcopy(ready.runner.backbone.model).double()
    weight = ready.runner.head.weight.double()
    for trace, ours in zip(traces, signals, strict=True):
        prompt = ready.prompter.encode(trace)
        [(ids, _)] = encode_texts(ready.prompter.tokenizer, [trace.reasoning])
        with torch.no_grad():
            hidden = trunk(torch.tensor([prompt + ids])).last_hidden_state[0, len(prompt) - 1 : -1]
            log_p = (hidden @ weight.T).log_softmax(-1)
        nll = -log_p.gather(-1, torch.tensor(ids)[:, None])[:, 0].numpy()
        entropy = -(log_p.exp() * log_p).sum(-1).numpy()
        assert np.abs(ours.values["nll"] - nll).max() < 1e-4
        assert np.abs(ours.values["entropy"] - entropy).max() < 1e-3


def test_the_numbers_make_sense(lm: LM, traces: list[Trace]) -> None:
    """A real model finds real text likely, and its own words after a question likelier than after another."""
    with_question = lm.score(traces[:2])
    swapped = lm.score([Trace("a", traces[1].question, traces[0].reasoning), Trace("b", "", traces[1].reasoning)])
    for right, wrong in zip(with_question, swapped, strict=True):
        assert 0.5 < right.values["nll"].mean() < 3
        assert right.values["nll"].mean() < wrong.values["nll"].mean()
        assert right.values["entropy"].max() < np.log(49152)


def test_stored_and_read_back(lm: LM, traces: list[Trace], smollm2_folder: Path, tmp_path: Path) -> None:
    first = load_or_score(lm, traces[:1], SignalStore(tmp_path))
    again = LM(smollm2_folder, dtype="float32", device="cpu")
    second = load_or_score(again, traces[:1], SignalStore(tmp_path))
    assert "_ready" not in vars(again)
    assert np.array_equal(first[0].values["nll"], second[0].values["nll"])
