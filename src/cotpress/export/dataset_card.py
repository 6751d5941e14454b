"""What goes beside a training set: a dataset card, and the entry that LLaMA-Factory reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from cotpress.export.format_registry import SAME_SHAPE, get_export_format
from cotpress.export.public_names import hide_folders

CARD_TAG: Final = "cotpress"  # by which a data set on the hub is known as an output

_CARD_HEADER = """---
pretty_name: Compressed reasoning traces
task_categories:
- text-generation
tags:
- chain-of-thought
- distillation
- {tag}
size_categories:
- {size}
configs:
- config_name: sft
  data_files: {sft}
  default: true
---

# Compressed reasoning traces

Made by cotpress {version}. {source}

Nobody has stated a licence here: that of the source holds. Whoever publishes this adds `license: ...` above.

| | |
|---|---|
{figures}"""

_CARD_FOOTER = """
Ratios are kept / original reasoning tokens, counted with `{counted_with}`. The question and the final
answer are not compressed and not counted. `{sft}` is the training set (format: {format});
`{traces}` has each trace before and after, with the characters that were kept where it was pruned:
`datasets.load_dataset("parquet", data_files="{traces}")`, with `hf://datasets/OWNER/NAME/` before it from the hub.
Rows that were left out are in `{rejected}`, each with the reason; that file stays where the set was made.
{gauges}
The method, in full:

```json
{method}
```
"""

_GAUGES_HEADER = """
Means over the traces, beside random pruning to the same length (`cotpress gauges` says what each means):

| gauge | kept | random | original | traces |
|---|---|---|---|---|
"""

_FILE_NAMES = {"sft": "sft.jsonl", "traces": "traces.parquet", "rejected": "rejected.jsonl"}
_SHARD_PATTERNS = {"sft": "sft/*.jsonl", "traces": "traces/*.parquet", "rejected": "rejected/*.jsonl"}
_SETTINGS = (
    "level",
    "rewriter",
    "criterion",
    "granularity",
    "keep",
    "coverage",
    "max_tokens",
    "corpus",
    "shortfall",
    "seed",
)
_SIZE_BOUNDS = (("n<1K", 10**3), ("1K<n<10K", 10**4), ("10K<n<100K", 10**5), ("100K<n<1M", 10**6), ("1M<n<10M", 10**7))
MAX_NAMED_SOURCES: Final = 5


def format_dataset_card(summary: Mapping[str, Any], sharded: bool = False) -> str:
    """A Hugging Face dataset card in Markdown for a finished output's summary; `sharded` ones have folders of files.

    It names settings, ratios, gauges and the source, and no folder of this machine. The licence is left to the user.

    >>> from cotpress import Trace, compress, write
    >>> summary = write(compress([Trace("1", "2+3?", "Two. Three. 2+3=5.", "5")]), "out")
    >>> "| compressed | 1 |" in format_dataset_card(summary)
    True
    """
    names, told = (_SHARD_PATTERNS if sharded else _FILE_NAMES), hide_folders(summary)
    head = _CARD_HEADER.format(
        tag=CARD_TAG,
        size=_find_size(summary["compressed"]),
        version=summary["cotpress"],
        source=_describe_source(told),
        figures=_format_rows(_list_figures(told)),
        **names,
    )
    return head + _CARD_FOOTER.format(
        counted_with=summary["counted_with"],
        format=summary["format"],
        gauges=_format_gauges(summary.get("gauges", {})),
        method=json.dumps(told["method"], indent=2, ensure_ascii=True),
        **names,
    )


def _list_figures(summary: Mapping[str, Any]) -> list[tuple[str, Any]]:
    reasons = ", ".join(f"{count} {reason}" for reason, count in summary.get("rejected_reasons", {}).items())
    settings = {name: _find_setting(summary["method"], name) for name in _SETTINGS}
    return [
        *(
            (name.replace("_", " "), _name_setting(value))
            for name, value in settings.items()
            if value not in (None, "", [], False)
        ),
        *([("rows read", _format_selection(summary["selection"]))] if "selection" in summary else []),
        ("traces read", summary["traces"]),
        ("compressed", summary["compressed"]),
        ("rejected", f"{summary['rejected']}{f' ({reasons})' if reasons else ''}"),
        ("tokens before", summary["tokens_original"]),
        ("tokens after", summary["tokens_kept"]),
        ("target ratio", summary["target_ratio"]),
        ("realized ratio", summary["realized_ratio"]),
    ]


def _find_setting(method: Mapping[str, Any], name: str) -> Any:
    """A setting of a run, which may stand one level down: of the method, or of the budget."""
    parts = (method, *(part for part in method.values() if isinstance(part, Mapping)))
    return next((part[name] for part in parts if name in part), None)


def _name_setting(value: Any) -> Any:
    """What a setting is called: of a level its name, of a rewriter its name and its model."""
    if not isinstance(value, Mapping):
        return value
    return " ".join(str(value[key]) for key in ("name", "model") if value.get(key))


def _format_selection(selection: Mapping[str, Any]) -> str:
    many = "all" if selection["limit"] is None else f"at most {selection['limit']}"
    return (
        f"{many}, shuffled (seed {selection['seed']}, buffer {selection['buffer']})" if selection["shuffle"] else many
    )


def _describe_source(summary: Mapping[str, Any]) -> str:
    sources = summary.get("recognised", ())  # of traces from elsewhere than files, whatever their reader says
    names = [str(about["source"]) for about in sources if isinstance(about, Mapping) and about.get("source")]
    if not names:
        return "Its source is not recorded."
    more = f" and {len(names) - MAX_NAMED_SOURCES} more" if len(names) > MAX_NAMED_SOURCES else ""
    return f"Made of {', '.join(f'`{_escape(name)}`' for name in names[:MAX_NAMED_SOURCES])}{more}."


def _find_size(count: int) -> str:
    return next((name for name, bound in _SIZE_BOUNDS if count < bound), "n>10M")


def _format_gauges(gauges: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        (name, *(_round(means[figure]) for figure in ("compressed", "random", "original")), means["traces"])
        for name, means in gauges.items()
        if means["traces"]
    ]
    return _GAUGES_HEADER + _format_rows(rows) if rows else ""


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _format_rows(rows: Iterable[tuple[Any, ...]]) -> str:
    return "".join("| " + " | ".join(map(_format_cell, row)) + " |\n" for row in rows)


def _format_cell(value: Any) -> str:
    if value is None:
        return "-"
    return _escape(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))


def _escape(text: str) -> str:
    """Text that ends no cell and no code of a Markdown table."""
    return " ".join(text.split()).replace("|", "\\|").replace("`", "'").replace("<", "&lt;")


def format_dataset_info(format_name: str, sharded: bool = False) -> str | None:
    """LLaMA-Factory's `dataset_info.json`, None for a format that it cannot read; it reads folders of files too.

    >>> json.loads(format_dataset_info("alpaca"))["cotpress"]["file_name"]
    'sft.jsonl'
    """
    mapping = None if format_name == SAME_SHAPE else get_export_format(format_name).llama_factory
    if mapping is None:
        return None
    return json.dumps({"cotpress": {"file_name": "sft" if sharded else "sft.jsonl", **mapping}}, indent=2) + "\n"
