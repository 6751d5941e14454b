"""How often the answer that a model's text states is recognised, beside a plain check, with false matches counted.

    python benchmarks/answer_matching.py ../shared/data/traces

For every file with gold answers: `matches` is the share of traces whose recognised answer is the gold one; `plain` the
share of texts whose last 300 characters have the gold answer as a word; `missed` those that are plain and not matched;
`unrecognised` those of which no answer is read; `false` the share that match the gold answer of another row, which has
another answer.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from cotpress.answers import find_trace_answer, matches_gold, normalise_answer
from cotpress.traces import read
from cotpress.types import Trace

FILES = (
    ("qwen3_8b_think_on.jsonl", "thinking_items.json", None),
    ("qwen3_8b_think_off.jsonl", "thinking_items.json", "content"),
    ("limo_r1_distill_qwen_32b.jsonl", None, None),
    ("limo_qwen2.5_32b_instruct.jsonl", None, None),
    ("limo_human.jsonl", None, None),
    ("gsm8k_train_2000.jsonl", None, None),
    ("strategyqa_human.json", None, None),
    ("mgsm_exemplars.jsonl", None, None),
)


def find_plainly(trace: Trace) -> bool:
    """Whether the end of the text has the gold answer as a word."""
    end = f"{trace.reasoning}\n{trace.answer}"[-300:] if not trace.answer else trace.answer[-300:]
    bare = re.sub(r"[\s,$*\\{}()]", "", end).casefold()
    gold = re.sub(r"[\s,$*\\{}()]", "", trace.gold or "").casefold().removesuffix(".0")
    return re.search(rf"(?<![\w.]){re.escape(gold)}(?!\w|\.\d)", end.casefold()) is not None or (
        len(gold) > 3 and gold in bare
    )


def measure(traces: list[Trace]) -> dict[str, float]:
    """The shares for traces with gold answers."""
    read_answers = [find_trace_answer(trace) for trace in traces]
    golds = [trace.gold or "" for trace in traces]
    right = [
        stated is not None and matches_gold(stated, gold) for stated, gold in zip(read_answers, golds, strict=True)
    ]
    plain = list(map(find_plainly, traces))
    false = tried = 0
    for at, trace in enumerate(traces):
        other = golds[(at * 7 + 3) % len(golds)]
        if normalise_answer(other) == normalise_answer(golds[at]):
            continue
        tried += 1
        stated = find_trace_answer(trace, other)
        false += stated is not None and matches_gold(stated, other)
    count = len(traces)
    return {
        "traces": count,
        "matches": sum(right) / count,
        "plain": sum(plain) / count,
        "missed": sum(p and not r for p, r in zip(plain, right, strict=True)) / count,
        "unrecognised": sum(stated is None for stated in read_answers) / count,
        "false": false / tried if tried else 0.0,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", type=int, default=0, help="texts that are plain and not matched")
    options = parser.parse_args()
    for name, join, reasoning in FILES:
        from cotpress.traces import FieldNames

        fields = FieldNames(reasoning=reasoning) if reasoning else FieldNames()
        rows = read(options.folder / name, fields, join=options.folder / join if join else None)
        traces = [row for row in rows if isinstance(row, Trace) and row.gold]
        figures = measure(traces)
        print(
            name, "  ".join(f"{key} {value:.3f}" if key != "traces" else f"{value}" for key, value in figures.items())
        )
        shown = 0
        for trace in traces:
            stated = find_trace_answer(trace)
            if shown < options.show and find_plainly(trace) and not (stated and matches_gold(stated, trace.gold or "")):
                shown += 1
                print(
                    "   gold",
                    repr(trace.gold),
                    "stated",
                    repr(stated),
                    "END",
                    repr((trace.answer or trace.reasoning)[-160:]),
                )


if __name__ == "__main__":
    main()
