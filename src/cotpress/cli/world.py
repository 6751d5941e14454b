"""`cotpress world`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter


def sample(
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    domain: str = "math",
    regime: str = "long",
    n: Annotated[int, Parameter(name=["--number", "-n"])] = 100,
    seed: int = 0,
    difficulty: int = 2,
) -> None:
    """Write generated traces as JSON lines.

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
    from cotpress.store import writing
    from cotpress.world import sample as make

    if n < 1:
        raise OptionError(f"{n} traces are none.", "Give -n a whole number of at least 1.")
    made = make(domain, regime, n, seed, difficulty)
    with writing(output) as path, path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(one.trace), ensure_ascii=False) + "\n" for one in made)
    print(f"{n} traces written to {output}")
