"""A small study whose names and texts try to break out of a page."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from synthetic_study import Knobs, synthetic_rows

from cotpress.tables import StudyTables, build_study_tables

HOSTILE = (
    "<script>window.pwned = 1</script>",
    "</script><script>window.pwned = 2</script>",
    "<img src=x onerror='window.pwned = 3'>",
    '<a href="javascript:window.pwned = 4">link</a>',
    "<!-- <script> -->",
    "]]></style></svg></table>",
    "\u2028\u2029\ufeff",
    "\U0001f9ee 𝑥² 二加三",  # of more than one UTF-16 unit
    "{{ 7 * 7 }} ${7 * 7} {% raw %}",
    "&lt;b&gt; &amp; \" ' ` \\u003c \\",
)
CONDITION = "<img src=x onerror='window.pwned = 5'>"
CONDITIONS = (("math-long", "math", "long"), (CONDITION, "general", "short"))


def hostile_study() -> StudyTables:
    """Two conditions, one with a hostile name; in the first the units of one trace are hostile texts."""
    rows = synthetic_rows(Knobs(conditions=CONDITIONS, traces=3, problems=4, seeds=(0,), keeps=(0.5,), failed=1))
    trace = rows["traces"][0]
    _fill(trace)
    for row in rows["rewrites"]:
        if row["trace"] == trace["trace"]:
            row.update(text="".join(HOSTILE), reason=None)
    rows["cells"][-1]["error"] = HOSTILE[0]
    return build_study_tables(rows)


def _fill(trace: dict[str, Any]) -> None:
    count = len(trace["unit_ends"])
    units = [f" {HOSTILE[place % len(HOSTILE)]}" for place in range(count)]
    ends = list(accumulate(map(len, units)))
    steps = trace["unit_step"]
    last = [place for place in range(count) if place + 1 == count or steps[place + 1] != steps[place]]
    trace.update(
        reasoning="".join(units),
        question=HOSTILE[1],
        answer=HOSTILE[2],
        unit_ends=ends,
        step_ends=[ends[place] for place in last],
    )
