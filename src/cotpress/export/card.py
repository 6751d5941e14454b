"""What goes beside a training set: a dataset card, and the entry that LLaMA-Factory reads."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cotpress.export.formats import get_format

_FRONT = """---
pretty_name: Compressed reasoning traces
task_categories:
- text-generation
tags:
- chain-of-thought
- distillation
- cotpress
configs:
- config_name: sft
  data_files: sft.jsonl
- config_name: traces
  data_files: traces.parquet
---

# Compressed reasoning traces

Made by cotpress {version}.

| | |
|---|---|
"""

_END = """
Ratios are kept / original reasoning tokens, counted with `{counted_with}`. The question and the final
answer are not compressed and not counted. `sft.jsonl` is the training set (format: {format});
`traces.parquet` has each trace before and after, with the characters that were kept where it was pruned;
`rejected.jsonl` has every row that was left out, with the reason.

The method, in full:

```json
{method}
```
"""


def dataset_card(summary: Mapping[str, Any]) -> str:
    """A Hugging Face dataset card in Markdown for a finished output's summary."""
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
    end = _END.format(counted_with=summary["counted_with"], format=summary["format"], method=method)
    return _FRONT.format(version=summary["cotpress"]) + table + end


def dataset_info(format_name: str) -> str | None:
    """LLaMA-Factory's `dataset_info.json`, None for a format that it cannot read."""
    mapping = get_format(format_name).llama_factory
    if mapping is None:
        return None
    return json.dumps({"cotpress": {"file_name": "sft.jsonl", **mapping}}, indent=2) + "\n"
