"""`cotpress world`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from cotpress.wording import counted

if TYPE_CHECKING:
    from cotpress.world import WorldTrace


def sample(
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    domain: str = "math",
    regime: str = "long",
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
        math or general.
    regime
        short or long.
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
    print(f"{counted(n, 'trace')} written to {output}")


def write_sample(output: Path, domain: str, regime: str, n: int, seed: int, difficulty: int = 2) -> None:
    """Write generated traces with their truth, in one step.

    Raises:
        OptionError: an unknown domain or regime, or a difficulty out of range.
        OutputError: the file cannot be written.
    """
    from cotpress.store import writing
    from cotpress.world import sample as make

    made = make(domain, regime, n, seed, difficulty)
    with writing(output) as path, path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(_row(one), ensure_ascii=False) + "\n" for one in made)


def _row(drawn: WorldTrace) -> dict[str, Any]:
    """A trace's fields, and its truth: [start, end, role] over the characters of the reasoning."""
    return {**asdict(drawn.trace), "step_roles": drawn.steps, "unit_roles": drawn.units}
