"""What a set of traces is like, before anything is done to it."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np

from cotpress.answers import AnswerVerdict, find_trace_answer, judge_answer
from cotpress.text import segment
from cotpress.text.languages import UNKNOWN, detect_language
from cotpress.text.markers import has_reflective_phrases, is_reflective
from cotpress.text.near_duplicates import find_near_duplicates
from cotpress.text.steps.tag_lines import strip_lone_tags
from cotpress.token_counting import UNIT_COUNTER_NAME, TokenCounter
from cotpress.types import Rejected, Trace


class _TraceStatistics:
    """Running counts over traces; grows by eight bytes a trace."""

    def __init__(self, counter: TokenCounter | None) -> None:
        self._counter = counter
        self.lengths, self.reasons = array("q"), Counter[str]()
        self.steps = self.readable_steps = self.reflective = self.repeated = 0
        self.languages, self.readable = Counter[str](), Counter[str]()
        self.with_gold = self.stated = 0
        self.verdicts = Counter[AnswerVerdict | None]()

    def add(self, trace: Trace) -> None:
        cut = segment(trace.reasoning)
        spans = pairwise(cut.steps.tolist())
        steps = [step for start, end in spans if (step := strip_lone_tags(trace.reasoning[start:end]))]
        language = detect_language(trace.reasoning)
        self.languages[language] += 1
        self.lengths.append(len(cut.kinds) if self._counter is None else self._counter.count([trace.reasoning])[0])
        self.steps += len(steps)
        phrases = "en" if language == UNKNOWN else language  # formulas have no language
        if has_reflective_phrases(phrases):
            self.readable_steps += len(steps)
            self.readable[language] += 1
            self.reflective += sum(is_reflective(step, phrases) for step in steps)
        self.repeated += int(find_near_duplicates(steps).sum())
        if trace.gold is not None:
            self.with_gold += 1
            self.stated += find_trace_answer(trace) is not None
            self.verdicts[judge_answer(trace)] += 1


def inspect(rows: Iterable[Trace | Rejected], counter: TokenCounter | None = None) -> dict[str, Any]:
    """Counts, lengths, redundancy and answers of some traces, JSON-able. Shares are 0..1, None without data.

    `languages` counts traces by the language of their reasoning. `near_duplicate_steps` is a share of all steps, tags
    left out; `reflective_steps` a share of those in a language whose phrases are known, None where there is none, and
    `reflective_steps_of` counts the traces whose steps those are, by language;
    `answer_matches_gold` is the share of traces with a gold answer whose stated answer equals it, `answer_unrecognised`
    that of traces whose answer cannot be compared with it; the others are wrong.
    """
    statistics = _TraceStatistics(counter)
    for row in rows:
        if isinstance(row, Rejected):
            statistics.reasons[row.reason] += 1
        else:
            statistics.add(row)
    return {
        "traces": len(statistics.lengths),
        "rejected": statistics.reasons.total(),
        "rejected_reasons": dict(sorted(statistics.reasons.items())),
        "counted_with": counter.name if counter else UNIT_COUNTER_NAME,
        "tokens": sum(statistics.lengths),
        "tokens_per_trace": _summarize_lengths(statistics.lengths),
        "languages": dict(statistics.languages.most_common()),
        "steps": statistics.steps,
        "reflective_steps": _compute_share(statistics.reflective, statistics.readable_steps),
        "reflective_steps_of": dict(statistics.readable.most_common()),
        "near_duplicate_steps": _compute_share(statistics.repeated, statistics.steps),
        "traces_with_gold": statistics.with_gold,
        "answer_stated": _compute_share(statistics.stated, statistics.with_gold),
        "answer_matches_gold": _compute_share(statistics.verdicts[AnswerVerdict.RIGHT], statistics.with_gold),
        "answer_unrecognised": _compute_share(statistics.verdicts[AnswerVerdict.UNRECOGNISED], statistics.with_gold),
    }


def _summarize_lengths(lengths: array[int]) -> dict[str, int]:
    if not lengths:
        return {}
    values = np.frombuffer(lengths, dtype=np.int64)
    low, middle, high = np.percentile(values, (10, 50, 90))
    named = {"min": values.min(), "p10": low, "median": middle, "mean": values.mean(), "p90": high, "max": values.max()}
    return {name: round(float(value)) for name, value in named.items()}


def _compute_share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
