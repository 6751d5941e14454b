"""Budgets by difficulty in a study: each trace's own at every ratio, and its ranking in ratios of the condition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cotpress.errors import InputError
from cotpress.pipeline.difficulty import DifficultySurvey, survey_difficulty
from cotpress.pipeline.stream import reject_unusable
from cotpress.pruning import (
    AUTO_KEEP,
    Budget,
    find_joint_ratios,
    fit_difficulty_budgets,
    parse_budget,
    parse_keep_ratio,
    prepare_trace,
)
from cotpress.study.config import Study
from cotpress.study.context import StudyContext
from cotpress.types import FloatArray, Trace


@dataclass(frozen=True, slots=True, eq=False)
class ConditionBudgets:
    """The budgets of a condition's traces; `survey` is None where they do not depend on difficulty."""

    study: Study
    survey: DifficultySurvey | None
    tokens: Mapping[int, int]

    def make(self, trace: Trace, keep: float | str | None) -> Budget:
        """The budget of a trace at a ratio of the condition, at "auto", or at None for all of it."""
        asked = 1 if keep is None else keep
        if self.survey is None or asked == AUTO_KEEP:
            return parse_budget(asked, self.study.coverage)
        budgets = fit_difficulty_budgets(self.tokens, parse_keep_ratio(asked), self.study.spread)
        return budgets.find(self.survey.find(trace))

    def convert(self, trace: Trace, kept_from: FloatArray) -> FloatArray:
        """The ratios of a trace's own tokens as ratios of the condition, [units]."""
        difficulty = None if self.survey is None else self.survey.find(trace)
        if difficulty is None:
            return kept_from
        return find_joint_ratios(self.tokens, self.study.spread, difficulty, kept_from)


def make_condition_budgets(context: StudyContext, condition: str) -> ConditionBudgets:
    """The budgets of a condition, found once.

    Raises:
        InputError: budgets by difficulty are asked for, and no trace has one, or a row states none that can be.
    """
    return context.get_or_compute(("budgets", condition), lambda: _find_budgets(context, condition))


def _find_budgets(context: StudyContext, condition: str) -> ConditionBudgets:
    study = context.study
    if study.budget_by == "nothing":
        return ConditionBudgets(study, None, {})

    def count_tokens(trace: Trace) -> int:
        return prepare_trace(trace, study.steps, context.counter).tokens

    survey = survey_difficulty(context.load_condition(condition).traces, [reject_unusable], count_tokens)
    tokens = survey.sum_levels()
    if not tokens:
        raise InputError(
            f"No trace of the condition {condition} has a difficulty, which budget_by asks for.",
            "Give several samples of a question with gold answers, or a column difficulty.",
        )
    return ConditionBudgets(study, survey, tokens)


def build_budget_key(study: Study) -> tuple[Any, ...]:
    """What keys cover of budgets by difficulty; nothing where there are none."""
    return () if study.budget_by == "nothing" else (study.budget_by, study.spread)
