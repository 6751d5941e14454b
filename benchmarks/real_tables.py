"""Real traces beside the figures of arXiv 2606.21704, as Markdown tables: for docs/results/.

python benchmarks/real_tables.py runs/real/study
"""

from __future__ import annotations

import sys
from pathlib import Path

from cotpress.analysis import judge_findings, tabulate_agreement, tabulate_deletions, tabulate_redundancy
from cotpress.tables import StudyTables, read_study_tables

PAIRS = (("entropy", "saliency"), ("nll", "saliency"), ("entropy", "nll"))
PUBLISHED = {0.9: (0.75, 0.76, 0.92), 0.5: (0.36, 0.38, 0.78)}  # by keep ratio, read as 1 - the published ratio
MIDDLE = (0.9, 0.7, 0.5)


def main() -> None:
    tables = read_study_tables(Path(sys.argv[1]) / "tables")
    _print_traces(tables)
    _print_agreement(tables)
    _print_deletions(tables)
    _print_redundancy(tables)
    _print_levels(tables)
    print("\n## Verdicts\n")
    _head("finding", "answer", "effect")
    for one in judge_findings(tables):
        if one.effect is not None:
            _line(one.claim, f"**{one.answer}**", f"{one.effect:.2f} [{one.low:.2f}, {one.high:.2f}] {one.unit}")


def _print_traces(tables: StudyTables) -> None:
    print("## Traces\n")
    _head("condition", "traces", "tokens a trace", "steps a trace", "reflective steps", "near-duplicate steps")
    for name, rows in tables.traces.groupby("condition"):
        steps = rows.step_reflective.map(len).sum()
        shares = [f"{rows[one].map(sum).sum() / steps:.2%}" for one in ("step_reflective", "step_duplicate")]
        _line(name, str(len(rows)), f"{rows.tokens.mean():.0f}", f"{steps / len(rows):.0f}", *shares)
    _line("published, Short-CoT", "5000", "-", "-", "0.57%", "-")
    _line("published, Long-CoT", "817", "-", "-", "30.2%", "-")


def _print_agreement(tables: StudyTables) -> None:
    print("\n## Steps kept by two criteria: Jaccard index (chance; corrected: 0 chance, 1 the same)\n")
    found = tabulate_agreement(tables, keeps=(0.9, 0.5, 0.1))
    found = found[(found.granularity == "step") & (found.of == "kept")]
    _head("condition", "keep", *("-".join(pair) for pair in PAIRS))
    for keep in (0.9, 0.5, 0.1):
        for name, rows in found[found.keep == keep].groupby("condition"):
            by_pair = {frozenset((row.a, row.b)): row for row in rows.itertuples()}
            ours = (by_pair[frozenset(pair)] for pair in PAIRS)
            entries = (f"{row.jaccard:.2f} ({row.expected:.2f}; {row.corrected:+.2f})" for row in ours)
            _line(name, f"{keep:g}", *entries)
        if keep in PUBLISHED:
            _line("published", f"{keep:g} (removed {1 - keep:.1g})", *(f"{one:.2f}" for one in PUBLISHED[keep]))


def _print_deletions(tables: StudyTables) -> None:
    print(f"\n## Units deleted by tokens, keep {', '.join(f'{one:g}' for one in MIDDLE)} together\n")
    found = tabulate_deletions(tables, keeps=MIDDLE)
    found = found[(found.granularity == "token") & ~found.symbols]
    classes = list(found["unit_class"].drop_duplicates())
    _head("condition", "criterion", *(f"{one}: share of deleted, rate" for one in classes))
    for (name, criterion), rows in found.groupby(["condition", "criterion"]):
        mean = rows.groupby("unit_class")[["composition", "rate"]].mean()
        _line(name, criterion, *(f"{mean.composition[one]:.1%}, {mean.rate[one]:.1%}" for one in classes))
    _line("published", "saliency", "symbols 15%, stopwords 54%")
    _line("published", "entropy, nll", "symbols 30%, stopwords 28-29%")


def _print_redundancy(tables: StudyTables) -> None:
    print("\n## What pruning steps to keep 0.5 does to redundancy\n")
    found = tabulate_redundancy(tables, keeps=(0.5,))
    found = found[(found.granularity == "step") & (found.before > 0)]
    _head("condition", "criterion", "kind", "share before", "after", "tokens kept of these", "of others")
    for row in found.itertuples():
        shares = f"{row.before:.1%}", f"{row.after:.1%}", f"{row.kept_rate:.1%}", f"{row.other_rate:.1%}"
        _line(row.condition, row.criterion, row.kind, *shares)


def _print_levels(tables: StudyTables) -> None:
    print("\n## Levels of the rules\n")
    _head("condition", "level", "target", "realized ratio", "restructuring", "rejected")
    for row in tables.compressions[tables.compressions.kind == "level"].itertuples():
        target = "-" if row.keep != row.keep else f"{row.keep:g}"
        realized = row.tokens_kept / row.tokens_original
        _line(row.condition, row.method, target, f"{realized:.3f}", f"{row.restructuring:.3f}", str(row.rejected))


def _head(*names: str) -> None:
    _line(*names)
    print("|" + "---|" * len(names))


def _line(*entries: str) -> None:
    print(f"| {' | '.join(entries)} |")


if __name__ == "__main__":
    main()
