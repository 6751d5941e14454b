"""A tiny random student with a chat template, and a small training set."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

transformers = pytest.importorskip("transformers", reason="training needs the extra 'train'")
pytest.importorskip("trl", reason="training needs the extra 'train'")

from tiny_models import TEMPLATE, byte_tokenizer, save, small  # noqa: E402 (after what it needs)


@pytest.fixture(scope="session")
def student(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    config = transformers.LlamaConfig(**small(len(tokenizer), initializer_range=0.05))
    return save(tmp_path_factory.mktemp("student") / "tiny", "AutoModelForCausalLM", config, tokenizer)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Sixteen examples of growing length, as `cotpress compress` exports them."""
    path = tmp_path / "sft.jsonl"
    rows = [
        {
            "id": f"row-{number}",
            "prompt": [{"role": "user", "content": f"What is {number} and {number + 2}?"}],
            "completion": [{"role": "assistant", "content": f"{'So we add. ' * (number % 4)}It is {2 * number + 2}."}],
        }
        for number in range(16)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
