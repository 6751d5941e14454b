"""An evaluation as logs of Inspect, one a benchmark, so that its viewer shows the replies and other scorers grade them.

Inspect (https://inspect.aisi.org.uk) reads and validates these files; the fields are those of its log format 2. Nothing
of it has to be installed here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from cotpress._version import __version__
from cotpress.evaluation.result import EvaluationResult
from cotpress.evaluation.row import EvaluationRow
from cotpress.storage import build_write_error, compute_content_key, write_atomically

LOG_FORMAT_VERSION: Final = 2
SCORER_NAME: Final = "cotpress"
_STOP_REASONS: Final = {"stop": "stop", "length": "max_tokens", "content_filter": "content_filter"}


def write_inspect_logs(result: EvaluationResult, folder: Path) -> list[Path]:
    """Write the logs of a finished evaluation.

    Args:
        result: the evaluation.
        folder: where they go, for `inspect view --log-dir`; what an earlier call wrote there is replaced.

    Returns:
        The files, one for each benchmark.

    Raises:
        OutputError: the folder cannot be written.

    >>> write_inspect_logs(EvaluationResult({"student": {}, "benchmarks": {}}, ()), Path("logs"))
    []
    """
    ended = datetime.now(timezone.utc)  # noqa: UP017 (reads as what it is)
    written = []
    for name in sorted({row.benchmark for row in result.rows}):
        log = build_inspect_log(result, name, ended)
        path = folder / f"{log['eval']['created'][:19].replace(':', '-')}_{name}_{log['eval']['task_id']}.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for earlier in folder.glob(f"*_{name}_{log['eval']['task_id']}.json"):
                earlier.unlink()
            with write_atomically(path) as draft:
                draft.write_text(json.dumps(log, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise build_write_error(folder, error) from error
        written.append(path)
    return written


def build_inspect_log(result: EvaluationResult, benchmark: str, ended: datetime) -> dict[str, Any]:
    """The log of one benchmark as JSON-able data.

    Args:
        result: the evaluation.
        benchmark: whose rows.
        ended: when the evaluation ended, with its time zone.
    """
    rows = [row for row in result.rows if row.benchmark == benchmark]
    settings, key = result.settings, compute_content_key(result.key, benchmark)[:22]
    began = ended - timedelta(seconds=result.seconds)
    model = _name_model(settings)
    spec = {
        "eval_id": key,
        "run_id": result.key[:22],
        "created": began.isoformat(timespec="seconds"),
        "task": benchmark,
        "task_id": key,
        "task_version": 0,
        "dataset": {"name": benchmark, "samples": len({row.id for row in rows}), "shuffled": False},
        "model": model,
        "config": {"epochs": settings.get("samples", 1), "epochs_reducer": ["mean"]},
        "packages": {"cotpress": __version__},
        "metadata": {"settings": json.loads(json.dumps(settings, default=str))},
        "scorers": [{"name": SCORER_NAME, "metrics": [{"name": "accuracy"}]}],
    }
    usage = {model: _add_usage([_count_usage(row) for row in rows])}
    return {
        "version": LOG_FORMAT_VERSION,
        "status": "success",
        "eval": spec,
        "plan": {"name": "plan", "steps": [{"solver": "generate"}], "config": _describe_sampling(settings)},
        "results": _summarize_scores(result, benchmark, rows),
        "stats": {
            "started_at": spec["created"],
            "completed_at": ended.isoformat(timespec="seconds"),
            "model_usage": usage,
        },
        "samples": [_build_sample(row, model) for row in rows],
    }


def _name_model(settings: Mapping[str, Any]) -> str:
    student = settings["student"]
    # Scorers that ask a model want a provider before its name; "none" is one that is never called.
    return f"none/{student.get('model') or student.get('endpoint') or 'student'}"


def _describe_sampling(settings: Mapping[str, Any]) -> dict[str, Any]:
    names = {"max_new_tokens": "max_tokens", "temperature": "temperature", "top_p": "top_p", "seed": "seed"}
    return {theirs: settings[ours] for ours, theirs in names.items() if ours in settings}


def _summarize_scores(result: EvaluationResult, benchmark: str, rows: Sequence[EvaluationRow]) -> dict[str, Any]:
    accuracy = result.summarize()["benchmarks"][benchmark]["accuracy"]
    metrics = {
        "accuracy": {
            "name": "accuracy",
            "value": accuracy["value"],
            "metadata": {"low": accuracy["low"], "high": accuracy["high"], "level": 0.95},
        }
    }
    return {
        "total_samples": len(rows),
        "completed_samples": sum(row.outcome != "failed" for row in rows),
        "scores": [{"name": SCORER_NAME, "scorer": SCORER_NAME, "metrics": metrics}],
    }


def _build_sample(row: EvaluationRow, model: str) -> dict[str, Any]:
    reply = {"role": "assistant", "content": row.text, "source": "generate", "model": model}
    sample: dict[str, Any] = {
        "id": row.id,
        "epoch": row.sample + 1,
        "input": row.prompt,
        "target": row.gold,
        "messages": [{"role": "user", "content": row.prompt, "source": "input"}, reply],
        "output": {
            "model": model,
            "choices": [{"message": reply, "stop_reason": _STOP_REASONS.get(row.finish, "unknown")}],
            "usage": _count_usage(row),
            "time": row.seconds,
        },
        "scores": {
            SCORER_NAME: {
                "value": "C" if row.outcome == "right" else "I",
                "answer": row.answer,
                "explanation": row.outcome,
            }
        },
        "metadata": {"generated_tokens": row.generated_tokens, "reasoning_tokens": row.reasoning_tokens},
        "model_usage": {model: _count_usage(row)},
        "total_time": row.seconds,
    }
    if row.error:
        sample["error"] = {"message": row.error, "traceback": "", "traceback_ansi": ""}
    return sample


def _count_usage(row: EvaluationRow) -> dict[str, int]:
    written = row.completion_tokens or row.generated_tokens
    return {"input_tokens": row.prompt_tokens, "output_tokens": written, "total_tokens": row.prompt_tokens + written}


def _add_usage(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    return {name: sum(count[name] for count in counts) for name in ("input_tokens", "output_tokens", "total_tokens")}
