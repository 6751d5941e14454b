"""Evaluating students: problems to replies to grades to rows, and figures with intervals of rows.

student = local_student(LocalChat("student/", batch=64), batch=64)
done = evaluate(student, {"math500": load_benchmark("math500")}, Plan(max_new_tokens=2048))
done.summary()["overall"]["accuracy"]
"""

from cotpress.evaluate.evaluation import Evaluation, read_evaluation
from cotpress.evaluate.plan import BUDGET, Plan
from cotpress.evaluate.row import OUTCOMES, Row
from cotpress.evaluate.run import Output, evaluate
from cotpress.evaluate.student import BACKENDS, Backend, Student, local_student, open_student

__all__ = [
    "BACKENDS",
    "BUDGET",
    "OUTCOMES",
    "Backend",
    "Evaluation",
    "Output",
    "Plan",
    "Row",
    "Student",
    "evaluate",
    "local_student",
    "open_student",
    "read_evaluation",
]
