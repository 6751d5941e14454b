"""The means of the gauges: a row for each way to shorten, seeds together."""

from __future__ import annotations

from typing import Any

from cotpress.analysis import tabulate_gauges
from cotpress.reporting.results import analyze_tables
from cotpress.tables import build_study_tables


def compression(name: str, seed: int, gauges: list[tuple[str, float]] | None, **more: Any) -> dict[str, Any]:
    about = {"condition": "math", "domain": "math", "regime": "long", "kind": "criterion", "method": "random"}
    figures = {"keep": 0.5, "symbols": False, "tokens_original": 10, "tokens_kept": 4, "gauges": gauges}
    return {"compression": name, "granularity": "step", "seed": seed, **about, **figures, **more}


def test_seeds_are_averaged_and_baselines_left_out() -> None:
    rows = [
        compression("a", 0, [("equations", 0.2), ("facts", 0.5)]),
        compression("b", 1, [("equations", 0.4)]),
        compression("c", 0, None, kind="baseline", method="uncompressed", keep=None),
        compression("d", 0, [("equations", 1.0)], kind="level", method="edit", keep=None),
    ]
    tables = build_study_tables({"compressions": rows})
    found = tabulate_gauges(tables).set_index("method")
    assert found.loc["random", ["equations", "facts", "realized"]].tolist() == [0.30000000000000004, 0.5, 0.4]
    assert found.loc["edit", "equations"] == 1.0
    assert len(found) == 2
    assert len(analyze_tables(tables).gauges) == 2
