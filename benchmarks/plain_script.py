"""The straightforward script for token NLL and entropy, as repositories of this field have it: one trace at a time, the
logits of every token over the whole vocabulary. What `scoring.py` compares with, and a command of its own:

    python benchmarks/plain_script.py MODEL.gguf traces.jsonl scores.jsonl

Lines with `question` and `reasoning` in, lines with `nll` and `entropy` in nats out, a number a token of the reasoning.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from cotpress import Trace


def load_model(path: Path) -> tuple[Any, Any]:
    """Tokenizer and model, in float32."""
    model = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32).eval()
    return AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name), model


def save_model(path: Path, folder: Path) -> Path:
    """Save them as a folder. The weights are plain float32 once they are loaded."""
    tokenizer, model = load_model(path)
    del model.hf_quantizer, model.config.quantization_config
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def write_rows(traces: Iterable[Trace], path: Path) -> None:
    """Traces as lines that the script takes."""
    rows = ({"question": one.question, "reasoning": one.reasoning} for one in traces)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Lines of JSON."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def encode(tokenizer: Any, row: dict[str, str]) -> tuple[Any, int]:
    """The model's input, and how many of its tokens are the prompt's."""
    turns = [{"role": "user", "content": row["question"]}]
    prompt = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    inputs = tokenizer(prompt + row["reasoning"], return_tensors="pt", add_special_tokens=False)
    return inputs, len(tokenizer(prompt, add_special_tokens=False)["input_ids"])


def score(model: Any, inputs: Any, start: int) -> dict[str, list[float]]:
    """NLL and entropy of the tokens from `start` on."""
    with torch.inference_mode():
        logits = model(**inputs).logits[0, start - 1 : -1].float()
        log_probs = torch.log_softmax(logits, dim=-1)
        nll = -log_probs.gather(-1, inputs["input_ids"][0, start:, None])[:, 0]
        entropy = -(log_probs.exp() * log_probs).sum(-1)
    return {"nll": nll.tolist(), "entropy": entropy.tolist()}


def score_file(loaded: tuple[Any, Any], path: Path, output: Path) -> None:
    """Score every line of a file."""
    tokenizer, model = loaded
    with path.open(encoding="utf-8") as lines, output.open("w", encoding="utf-8") as scores:
        for line in lines:
            scores.write(json.dumps(score(model, *encode(tokenizer, json.loads(line)))) + "\n")


def main() -> None:
    model, traces, scores = map(Path, sys.argv[1:])
    score_file(load_model(model), traces, scores)


if __name__ == "__main__":
    main()
