"""What each idea of the criterion backbone is worth: the same measures with one idea left out at a time.

    python benchmarks/backbone_ablations.py --half b --keep 0.5,0.3

The first row of a table is the whole criterion. The others are differences to it in percentage points, with a 95%
interval over problems (paired), at the same keep ratio. `--vary flow=0.1,0.3 --vary overhead=1,6` adds rows with other
values of parameters. Sets and measures are those of `backbone.py`.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from backbone import (
    LOADERS,
    Cell,
    ProblemSet,
    add_gauges,
    add_options,
    format_share,
    measure_cell,
    parse_keeps,
    prepare_set,
    print_row,
    rank_set,
    take_half,
)
from cotpress import Criterion, Method
from cotpress.backbone import BackboneParameters
from cotpress.criteria.backbone import rank_by_backbone
from cotpress.evaluation.bootstrap import estimate_statistics
from cotpress.pruning import Budget


@dataclass(frozen=True)
class Variant:
    """The criterion with some parameters changed, or without the segmentation's blocks."""

    name: str
    changed: Mapping[str, Any] = field(default_factory=dict)
    blocks: bool = True


VARIANTS = (
    Variant("whole"),
    Variant("without flow", {"flow": 0.0}),
    Variant("without the answer's pull", {"anchor": 0.0}),
    Variant("without coverage", {"coverage": False}),
    Variant("without blocks", blocks=False),
    Variant("without retractions", {"bind": False, "retracted": 1.0, "abandoned": 1.0}),
    Variant("dead ends as single attempts", {"abandoned": 1.0}),
    Variant("retractions not bound", {"bind": False}),
    Variant("reflection as other steps", {"reflective": 1.0}),
    Variant("restatements as other steps", {"restating": 1.0}),
    Variant("what one earlier step says as other steps", {"recurring": 1.0}),
    Variant("without claims", {"claim": 0.0}),
    Variant("without conclusions in words", {"verdict": 0.0}),
    Variant("without the last statement of the answer", {"conclusion": 0.0}),
    Variant("what the question has counts in full", {"in_question": 1.0}),
    Variant("repeats count in full", {"reuse": 1.0}),
    Variant("what follows the answer as other steps", {"after": 1.0, "waiting": 1.0}),
    Variant("checks from any place", {"apart_after": 0.7}),
    Variant("steps that say why as others", {"inferring": 1.0}),
    Variant("plans and talk of the reply as other steps", {"planning": 1.0, "replying": 1.0}),
    Variant("unconnected steps as others", {"unconnected": 1.0}),
    Variant("checks as other steps", {"checking": 1.0}),
    Variant("what repeats the question as other steps", {"repeating": 1.0}),
    Variant("steps apart as others", {"apart": 1.0}),
    Variant("steps that point back as others", {"follow": False}),
    Variant("names without their definition", {"define": False}),
    Variant("steps cost their tokens alone", {"overhead": 0.0}),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--vary", action="append", default=[], help="NAME=VALUE,VALUE: further values of a parameter")
    parser.add_argument("--ideas", action="store_true", help="leave ideas out, also where --vary is given")
    options = parser.parse_args()
    variants = [*VARIANTS[:1], *(VARIANTS[1:] if options.ideas or not options.vary else ()), *read_varied(options.vary)]
    keeps = parse_keeps(options.keep)
    print(f"Granularity {options.granularity}, steps {options.steps}, half {options.half}.")
    for name in options.only.split(","):
        for loaded in LOADERS[name](options.data / "traces", options.plain):
            problems = add_gauges(take_half(loaded, options.half), options.gauges)
            print_ablations(prepare_set(*problems, options.steps), variants, options, keeps)


def read_varied(given: Sequence[str]) -> list[Variant]:
    """A variant for each value: "flow=0.1,0.3" are two."""
    pairs = [
        (name, value) for option in given for name, _, values in [option.partition("=")] for value in values.split(",")
    ]
    return [Variant(f"{name} {value}", {name: _read_value(name, value)}) for name, value in pairs]


def _read_value(name: str, value: str) -> Any:
    kind = type(getattr(BackboneParameters(), name))
    return value.lower() in ("true", "1") if kind is bool else kind(value)


def print_ablations(
    problem_set: ProblemSet, variants: Sequence[Variant], options: argparse.Namespace, keeps: Mapping[str, Budget]
) -> None:
    """A row for each variant, a column for each measure and ratio."""
    print(f"\n### {problem_set.name}: {len(problem_set.problems)} problems\n")
    names = list(problem_set.problems[0].measures)
    heads = [f"{name} at {keep}" for name in names for keep in keeps]
    print_row("variant", *heads, f"realized at {', '.join(keeps)}")
    print("|" + "---|" * (len(heads) + 2))
    whole: list[Cell] = []
    for variant in variants:
        ranked, _ = rank_set(_cut_blocks(problem_set, variant), _build_method(variant, options))
        cells = [measure_cell(problem_set, ranked, budget) for budget in keeps.values()]
        whole = whole or cells
        entries = [_format_cell(cell, base, name) for name in names for cell, base in zip(cells, whole, strict=True)]
        print_row(variant.name, *entries, ", ".join(f"{cell.realized:.3f}" for cell in cells))


def _cut_blocks(problem_set: ProblemSet, variant: Variant) -> ProblemSet:
    """The same problems; without blocks, no step requires another by the segmentation."""
    if variant.blocks:
        return problem_set
    cut = [replace(each, segmentation=replace(each.segmentation, requires=())) for each in problem_set.prepared]
    return replace(problem_set, prepared=cut)


def _build_method(variant: Variant, options: argparse.Namespace) -> Method:
    rank = partial(rank_by_backbone, parameters=replace(BackboneParameters(), **variant.changed))
    protect = tuple(name for name in options.protect.split(",") if name not in ("", "none"))
    return Method(Criterion(variant.name, rank), options.granularity, protect, steps=options.steps)


def _format_cell(cell: Cell, whole: Cell, name: str) -> str:
    if cell is whole:
        return format_share(cell.shares[name])
    differences = cell.shares[name] - whole.shares[name]
    known = differences[~np.isnan(differences)]
    columns = {"difference": known, "problems": np.ones(len(known))}
    mean = estimate_statistics(columns, {"mean": lambda sums: sums["difference"] / sums["problems"]})["mean"]
    return f"{100 * mean.value:+.1f} [{100 * mean.low:+.1f}, {100 * mean.high:+.1f}]"


if __name__ == "__main__":
    main()
