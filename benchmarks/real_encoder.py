"""The shape of a small saliency encoder, with a tokenizer for real text, and what it is to be taught with: the first
traces after those that docs/results/real-traces.yaml uses. Run by real_traces.sh, in the folder with the files.

python benchmarks/real_encoder.py shape
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import transformers

from cotpress.training.tiny_models.tokenizer import train_tokenizer

# name: file, rows that the study uses, rows to teach with
SOURCES = {
    "limo": ("limo_r1_distill_qwen_32b.jsonl", 20, 60),
    "gsm8k": ("gsm8k_train_2000.jsonl", 300, 1000),
    "strategyqa": ("strategyqa_human.json", 300, 1000),
}


def _rows(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if path.suffix == ".jsonl" else json.loads(text)


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir()
    texts = []
    for name, (file, used, taught) in SOURCES.items():
        rows = _rows(Path(file))[used : used + taught]
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        texts += [str(value) for row in rows for value in row.values()]
    tokenizer = train_tokenizer(texts, 8000)
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=128,
        intermediate_size=384,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=512,
        pad_token_id=tokenizer.pad_token_id,
        type_vocab_size=1,
        id2label={0: "drop", 1: "keep"},
        label2id={"drop": 0, "keep": 1},
    )
    config.architectures = ["BertForTokenClassification"]
    config.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


if __name__ == "__main__":
    main()
