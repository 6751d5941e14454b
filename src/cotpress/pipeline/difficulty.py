"""How hard the question of each trace is: what its row says, or the share of its samples that are not right.

A sample is a trace with a gold answer whose own answer can be compared with it (`cotpress.answers.judge_answer`).
Samples belong together where their questions are the same but for white space. One sample says nothing: a question has
a difficulty from two samples on. Rows of several turns, or with tools, are no samples: the same last question may
follow other turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any, Final

from cotpress.answers import AnswerVerdict, judge_answer
from cotpress.errors import InputError
from cotpress.pipeline.sample_table import QuestionCounts, SampleTable
from cotpress.pipeline.stream import TraceCheck, TraceOrRejected, reject_unusable, select_passing_traces
from cotpress.pruning import KeepRatio, find_level, fit_difficulty_budgets
from cotpress.pruning.difficulty_budget import DIFFICULTY_STEPS, DifficultyBudgets
from cotpress.traces import DIFFICULTY_FIELD, has_other_difficulty
from cotpress.types import Trace

MIN_SAMPLES: Final = 2  # of a question, before their share of right ones says how hard it is


class DifficultySurvey:
    """What one pass over the traces finds of their questions.

    >>> survey = DifficultySurvey()
    >>> for trace in (Trace(answer, "2+3?", "Hmm.", answer, gold="5") for answer in ("5", "6")):
    ...     survey.add(trace, tokens=2)
    >>> survey.find(Trace("7", "2+3?", "Hmm."))
    0.5
    """

    def __init__(self) -> None:
        self._samples = SampleTable()
        self._stated_tokens, self._stated_traces = Counter[int](), 0
        self._unknown_traces = 0

    def add(self, trace: Trace, tokens: int | None) -> None:
        """Count a trace in; `tokens` are those of its reasoning, None where it is not going to be compressed.

        Raises:
            InputError: its row has a column `difficulty` that holds something else than a number from 0 to 1.
        """
        _refuse_other_difficulty(trace)
        traces = int(tokens is not None)
        if trace.difficulty is not None:
            self._stated_traces += traces
            self._stated_tokens[find_level(trace.difficulty)] += tokens or 0
        elif has_samples(trace):
            verdict = judge_answer(trace)
            graded, right = verdict in _GRADED, verdict is AnswerVerdict.RIGHT
            self._samples.add(trace.question, QuestionCounts(graded, right, traces, tokens or 0))
        else:
            self._unknown_traces += traces

    def find(self, trace: Trace) -> float | None:
        """The difficulty of a trace, 0 to 1; None where its row states none and its question has too few samples."""
        if trace.difficulty is not None or not has_samples(trace):
            return trace.difficulty
        return compute_difficulty(self._samples.find(trace.question))

    def find_counts(self, trace: Trace) -> QuestionCounts:
        """What the samples of a trace's question came to; zeros where its row states the difficulty."""
        counts = self._samples.find(trace.question) if has_samples(trace) else QuestionCounts()
        return QuestionCounts() if trace.difficulty is not None else counts

    def attach(self, row: TraceOrRejected) -> TraceOrRejected:
        """The row with its difficulty; a rejected one as it is."""
        return replace(row, difficulty=self.find(row)) if isinstance(row, Trace) else row

    def fit_budgets(self, keep: KeepRatio, spread: float) -> DifficultyBudgets:
        """The budgets at which all traces with a difficulty keep the ratio together.

        Raises:
            OptionError: the spread is out of range.
        """
        return fit_difficulty_budgets(self.sum_levels(), keep, spread)

    def describe(self, budgets: DifficultyBudgets) -> dict[str, Any]:
        """What a summary says of the budgets.

        `stated` and `computed` count compressed traces whose difficulty their row states, or the samples of one of
        `questions` give; those `without` get the plain ratio. `easiest` and `hardest` are the lowest and the highest
        difficulty with its keep ratio, None where no trace has one.
        """
        levels = sorted(self.sum_levels())
        easiest, hardest = (_describe_level(budgets, end[0]) if end else None for end in (levels[:1], levels[-1:]))
        questions, computed, few = 0, 0, 0
        for counts in self._samples:
            known = compute_difficulty(counts) is not None
            questions, computed = questions + known, computed + known * counts.traces
            few += (not known) * counts.traces
        return {
            "by": "difficulty",
            "spread": float(budgets.spread),
            "stated": self._stated_traces,
            "computed": computed,
            "questions": questions,
            "without": self._unknown_traces + few,
            "easiest": easiest,
            "hardest": hardest,
        }

    def sum_levels(self) -> dict[int, int]:
        """The tokens of all traces of a difficulty, in thousandths."""
        tokens = Counter(self._stated_tokens)
        for counts in self._samples:
            difficulty = compute_difficulty(counts)
            if difficulty is not None:
                tokens[find_level(difficulty)] += counts.tokens
        return {level: count for level, count in tokens.items() if count}


_GRADED: Final = (AnswerVerdict.RIGHT, AnswerVerdict.WRONG)


def has_samples(trace: Trace) -> bool:
    """Whether other traces with the same question are samples of the same problem.

    >>> has_samples(Trace("1", "2+3?", "2+3=5.")), has_samples(Trace("1", "", "2+3=5."))
    (True, False)
    """
    origin = trace.origin
    return bool(trace.question.strip()) and (
        origin is None or ((origin.turns == 1 or origin.alternative) and not origin.structured)
    )


def compute_difficulty(counts: QuestionCounts) -> float | None:
    """The share of a question's samples that are not right, 0 to 1; None of fewer than two.

    >>> compute_difficulty(QuestionCounts(samples=4, right=3)), compute_difficulty(QuestionCounts(samples=1))
    (0.25, None)
    """
    return None if counts.samples < MIN_SAMPLES else (counts.samples - counts.right) / counts.samples


def survey_difficulty(
    rows: Iterable[TraceOrRejected], checks: Sequence[TraceCheck], count: Callable[[Trace], int]
) -> DifficultySurvey:
    """Find the difficulties in one pass over the rows.

    Args:
        rows: traces and rejected rows; the latter are left out.
        checks: what a trace must pass to be compressed; those that do not are samples all the same.
        count: gives the tokens of a trace's reasoning.

    Raises:
        InputError: a row states a difficulty that is no number from 0 to 1.

    >>> traces = [Trace(answer, "2+3?", "Hmm.", answer, gold="5") for answer in ("5", "6")]
    >>> survey_difficulty(traces, [], lambda trace: 2).find(traces[0])
    0.5
    """
    survey = DifficultySurvey()
    for row in rows:
        for trace in select_passing_traces([row], [reject_unusable]):
            passing = select_passing_traces([trace], checks)
            survey.add(trace, count(trace) if passing else None)
    return survey


def _refuse_other_difficulty(trace: Trace) -> None:
    if trace.origin is not None and has_other_difficulty(trace.origin.row):
        stated = trace.origin.row[DIFFICULTY_FIELD]
        raise InputError(
            f"The column 'difficulty' of '{trace.id}' holds {str(stated)[:40]!r}, which is no number from 0 to 1.",
            "Put it on that scale, or give the column another name to have the difficulty found from samples.",
        )


def _describe_level(budgets: DifficultyBudgets, level: int) -> dict[str, float]:
    difficulty = level / DIFFICULTY_STEPS
    return {"difficulty": difficulty, "keep": round(budgets.find(difficulty).ratio, 6)}
