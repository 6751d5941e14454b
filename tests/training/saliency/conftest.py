"""Traces full of talk, what the rules make of them, and the shape of a tiny encoder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from command import cotpress
from tiny_models import byte_tokenizer, small

from cotpress.pipeline.output import COMPRESSED_TRACES_SCHEMA, TRACES_FILE

NAMES = ("Ann", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ivo", "Jo", "Kim", "Lea")
TALK = (
    "Okay, so let me think about this. {n} has {a} pens. Hmm, that seems fine. Then {n} basically buys {b} more. "
    "Wait, let me double-check that. So {a} + {b} = {c}. I think that's right, obviously. The total is {c}.",
    "Alright, let's see. First, {n} simply counts {a} birds. Hmm, wait. Maybe I should check this again. "
    "Actually, {b} of them fly off, so {a} - {b} = {d} remain. Yes, that makes sense. The result is {d}.",
)


def talking(number: int) -> dict[str, str]:
    a, b = 40 + 7 * number, 3 + 2 * number
    text = TALK[number % 2].format(n=NAMES[number % 12], a=a, b=b, c=a + b, d=a - b)
    return {"id": f"t{number}", "question": "How many?", "reasoning": text, "answer": ""}


@pytest.fixture(scope="session")
def preserved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of the rules at level preserve, of 24 traces; the input is beside it."""
    folder = tmp_path_factory.mktemp("preserved")
    path = folder / "traces.jsonl"
    path.write_text("".join(json.dumps(talking(number)) + "\n" for number in range(24)))
    assert cotpress("rewrite", path, "-o", folder / "out", "--level", "preserve", "--json", "-q") == 0
    return folder / "out"


Writer = Callable[[str, Sequence[Mapping[str, Any]]], Path]


@pytest.fixture
def written(tmp_path: Path) -> Writer:
    """Write rows as the `traces.parquet` of an output; gives its folder."""

    def write(name: str, rows: Sequence[Mapping[str, Any]]) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        full = [{"id": f"{name}{number}", "flags": [], **row} for number, row in enumerate(rows)]
        pq.write_table(pa.Table.from_pylist(full, COMPRESSED_TRACES_SCHEMA), folder / TRACES_FILE)
        return folder

    return write


@pytest.fixture(scope="session")
def shape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT's config.json with 128 positions and a tokenizer, without weights."""
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("torch").set_num_threads(1)
    tokenizer = byte_tokenizer(cls_token="<s>", sep_token="</s>")
    about = small(len(tokenizer), max_position_embeddings=128, initializer_range=0.05)
    folder = tmp_path_factory.mktemp("shape")
    transformers.BertConfig(**about).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
