"""`cotpress world`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from cotpress.cli.options.choices import DOMAINS, REGIMES
from cotpress.number_formatting import count_noun

if TYPE_CHECKING:
    from cotpress.world import WorldTrace


def sample(
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    domain: Annotated[str, Parameter(choices=DOMAINS)] = "math",
    regime: Annotated[str, Parameter(choices=REGIMES)] = "long",
    n: Annotated[int, Parameter(name=["--number", "-n"])] = 100,
    seed: int = 0,
    difficulty: int = 2,
) -> None:
    """Write generated traces as JSON lines, with the role of every step and unit.

    Parameters
    ----------
    output
        File to write.
    domain
        What the traces are about.
    regime
        How the teacher reasons.
    n
        How many traces.
    seed
        Same seed, same bytes.
    difficulty
        How many links the reasoning has, from 1 up.
    """
    from cotpress.errors import OptionError

    if n < 1:
        raise OptionError(f"{n} traces are none.", "Give -n a whole number of at least 1.")
    write_sample(output, domain, regime, n, seed, difficulty)
    print(f"{count_noun(n, 'trace')} written to {output}")


def write_sample(output: Path, domain: str, regime: str, n: int, seed: int, difficulty: int = 2) -> None:
    """Write generated traces with their truth, in one step.

    Raises:
        OptionError: an unknown domain or regime, or a difficulty out of range.
        OutputError: the file cannot be written.
    """
    from cotpress.storage import write_atomically
    from cotpress.world import sample as make

    traces = make(domain, regime, n, seed, difficulty)
    with write_atomically(output) as path, path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(_build_row(trace), ensure_ascii=False) + "\n" for trace in traces)


def _build_row(drawn: WorldTrace) -> dict[str, Any]:
    """A trace's fields, and its truth: [start, end, role] over the characters of the reasoning."""
    return {**drawn.trace.to_dict(), "step_roles": drawn.steps, "unit_roles": drawn.units}
