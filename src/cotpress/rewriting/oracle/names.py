"""How a study names the oracle and its doses: "oracle", "oracle-drop-0.25"."""

from __future__ import annotations

from typing import Final

from cotpress.errors import OptionError
from cotpress.rewriting.oracle.corruption import CORRUPTIONS, Corruption

ORACLE: Final = "oracle"


def is_oracle(name: str) -> bool:
    """Whether a rewriter's name means the oracle, well formed or not.

    >>> is_oracle("oracle-drop-0.25"), is_oracle("rules")
    (True, False)
    """
    return name == ORACLE or name.startswith(f"{ORACLE}-")


def parse_oracle_name(name: str) -> Corruption | None:
    """The corruption that the name asks for, None for the plain oracle.

    Raises:
        OptionError: it names no corruption, or a dose out of range.

    >>> parse_oracle_name("oracle-drop-0.25")
    Corruption(kind='drop', dose=0.25)
    """
    if name == ORACLE:
        return None
    kind, _, dose = name.removeprefix(f"{ORACLE}-").partition("-")
    try:
        return Corruption(kind, float(dose))
    except ValueError:
        raise OptionError(
            f"The rewriter '{name}' has no dose.",
            f"Give {ORACLE}, or one of {', '.join(CORRUPTIONS)} with a dose, such as {ORACLE}-drop-0.25.",
        ) from None
