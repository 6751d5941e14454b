"""`budget_by: difficulty` of a study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cotpress.errors import OptionError
from cotpress.study import parse_study, sweep
from cotpress.tables import StudyTables, read_study_tables

THOUGHT = "So 3 + 4 = 7. Then 7 * 2 = 14, and 14 - 5 = 9. Hmm, let me see. Hence 9 / 3 = 3, and 3 + 6 = 9. "
GRID = "pruning: {criteria: [random], granularities: [token], keep: [0.6, 0.3]}"


def run(tmp_path: Path, more: str, rows: list[dict[str, Any]]) -> StudyTables:
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    where = json.dumps(str(tmp_path / "rows.jsonl"))
    text = f"name: d\nconditions: {{m: {{traces: {where}, domain: math, regime: long}}}}\n{GRID}\n{more}"
    result = sweep(parse_study(text, "d"), tmp_path / "run", store=tmp_path / "store")
    (tmp_path / "failed").write_text(json.dumps(result.failed))
    return read_study_tables(tmp_path / "run")


def build_row(hard: int, number: int) -> dict[str, Any]:
    thought = THOUGHT * (2 + number)
    row = {"id": f"{hard}-{number}", "question": f"What is {hard}?", "reasoning": thought, "answer": "It is 9."}
    return {**row, "difficulty": hard}


ROWS = [build_row(hard, number) for hard in (0, 1) for number in range(3)]


def list_lengths(tables: StudyTables, keep: float) -> dict[str, tuple[int, int]]:
    """Of each trace the units that its ranking keeps at a ratio, and all of them."""
    found = {}
    for row in tables.rankings.to_dict("records"):
        kept_from = np.asarray(row["kept_from"])
        found[row["trace"]] = (int((kept_from <= np.float32(keep)).sum()), len(kept_from))
    return found


def test_hard_traces_keep_more_and_the_condition_keeps_the_ratio(tmp_path: Path) -> None:
    tables = run(tmp_path, "budget_by: difficulty\nspread: 3.0", ROWS)
    made = {row["keep"]: row for row in tables.compressions.to_dict("records") if row["kind"] == "criterion"}
    for keep in (0.6, 0.3):
        lengths = list_lengths(tables, keep)
        easy, hard = (sum(lengths[f"{level}-{n}"][0] for n in range(3)) for level in (0, 1))
        whole = sum(total for _, total in lengths.values())
        assert hard > 2 * easy
        assert keep * whole - 30 < easy + hard <= keep * whole + 6
        # what the rankings say is what the texts were cut to, but for the answer, which is protected
        assert abs(made[keep]["tokens_kept"] - easy - hard) <= 12


def test_without_it_all_keep_the_same(tmp_path: Path) -> None:
    lengths = list_lengths(run(tmp_path, "", ROWS), 0.6)
    assert all(abs(kept / total - 0.6) < 0.1 for kept, total in lengths.values())


def test_a_condition_without_difficulties_says_so(tmp_path: Path) -> None:
    run(tmp_path, "budget_by: difficulty", [{**row, "difficulty": None} for row in ROWS])
    assert "No trace of the condition m has a difficulty" in (tmp_path / "failed").read_text()


@pytest.mark.parametrize(
    ("more", "said"), [("spread: 3.0", "budget_by"), ("budget_by: length", "budget_by"), ("spread: 0.5", "spread")]
)
def test_faults(more: str, said: str) -> None:
    with pytest.raises(OptionError, match=said):
        parse_study(f"name: d\nconditions: {{m: {{traces: world, domain: math, regime: long}}}}\n{GRID}\n{more}", "d")
