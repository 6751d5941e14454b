"""What goes beside a training set: a dataset card, and the entry that LLaMA-Factory reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cotpress.export.format_registry import SAME_SHAPE, get_export_format

_CARD_HEADER = """---
pretty_name: Compressed reasoning traces
task_categories:
- text-generation
tags:
- chain-of-thought
- distillation
- cotpress
configs:
- config_name: sft
  data_files: {sft}
- config_name: traces
  data_files: {traces}
---

# Compressed reasoning traces

Made by cotpress {version}.

| | |
|---|---|
"""

_CARD_FOOTER = """
Ratios are kept / original reasoning tokens, counted with `{counted_with}`. The question and the final
answer are not compressed and not counted. `{sft}` is the training set (format: {format});
`{traces}` has each trace before and after, with the characters that were kept where it was pruned;
`{rejected}` has every row that was left out, with the reason.

The method, in full:

```json
{method}
```
"""

_FILE_NAMES = {"sft": "sft.jsonl", "traces": "traces.parquet", "rejected": "rejected.jsonl"}
_SHARD_PATTERNS = {"sft": "sft/*.jsonl", "traces": "traces/*.parquet", "rejected": "rejected/*.jsonl"}


def format_dataset_card(summary: Mapping[str, Any], sharded: bool = False) -> str:
    """A Hugging Face dataset card in Markdown for a finished output's summary; `sharded` ones have folders of files.

    >>> from cotpress import Trace, compress, write
    >>> summary = write(compress([Trace("1", "2+3?", "Two. Three. 2+3=5.", "5")]), "out")
    >>> "| compressed | 1 |" in format_dataset_card(summary)
    True
    """
    names = _SHARD_PATTERNS if sharded else _FILE_NAMES
    rows = {
        "traces read": summary["traces"],
        "compressed": summary["compressed"],
        "rejected": summary["rejected"],
        "tokens before": summary["tokens_original"],
        "tokens after": summary["tokens_kept"],
        "target ratio": summary["target_ratio"],
        "realized ratio": summary["realized_ratio"],
    }
    table = "".join(f"| {name} | {'-' if value is None else value} |\n" for name, value in rows.items())
    method = json.dumps(summary["method"], indent=2, ensure_ascii=True)
    end = _CARD_FOOTER.format(counted_with=summary["counted_with"], format=summary["format"], method=method, **names)
    return _CARD_HEADER.format(version=summary["cotpress"], **names) + table + end


def format_dataset_info(format_name: str, sharded: bool = False) -> str | None:
    """LLaMA-Factory's `dataset_info.json`, None for a format that it cannot read; it reads folders of files too.

    >>> json.loads(format_dataset_info("alpaca"))["cotpress"]["file_name"]
    'sft.jsonl'
    """
    mapping = None if format_name == SAME_SHAPE else get_export_format(format_name).llama_factory
    if mapping is None:
        return None
    return json.dumps({"cotpress": {"file_name": "sft" if sharded else "sft.jsonl", **mapping}}, indent=2) + "\n"
