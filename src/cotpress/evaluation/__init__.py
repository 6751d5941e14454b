"""Evaluating students: problems to replies to grades to rows, and figures with intervals of rows.

student = make_local_student(LocalChat("student/", batch_size=64), batch_size=64)
result = evaluate(student, {"math500": load_benchmark("math500")}, EvaluationConfig(max_new_tokens=2048))
result.summarize()["overall"]["accuracy"]
"""

from cotpress.evaluation.config import DEFAULT_MAX_NEW_TOKENS, EvaluationConfig
from cotpress.evaluation.result import EvaluationResult, read_evaluation_result
from cotpress.evaluation.row import EVALUATION_OUTCOMES, EvaluationRow
from cotpress.evaluation.run import EvaluationOutput, evaluate
from cotpress.evaluation.student import ChatStudent, ChatStudentConfig, make_local_student, open_student

__all__ = [
    "DEFAULT_MAX_NEW_TOKENS",
    "EVALUATION_OUTCOMES",
    "ChatStudent",
    "ChatStudentConfig",
    "EvaluationConfig",
    "EvaluationOutput",
    "EvaluationResult",
    "EvaluationRow",
    "evaluate",
    "make_local_student",
    "open_student",
    "read_evaluation_result",
]
