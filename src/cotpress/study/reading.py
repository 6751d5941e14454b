"""A study from its YAML file, or every fault in it at once, each with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from cotpress.errors import OptionError
from cotpress.study.config import BaseModel, Condition, Pruning, Rewriting, Study, ValidationError

Place: TypeAlias = tuple[str, ...]
HINT = "See docs/studies.md."
# What may stand at each depth, for guesses at what an unknown name was meant to be.
_KNOWN: dict[Place, type[BaseModel]] = {
    (): Study,
    ("conditions", "*"): Condition,
    ("pruning",): Pruning,
    ("pruning", "*"): Pruning,
    ("rewriting",): Rewriting,
}


def study_names() -> list[str]:
    """The studies that come with the package."""
    return sorted(one.name.removesuffix(".yaml") for one in _folder().iterdir() if one.name.endswith(".yaml"))


def read_study(name: str | Path) -> Study:
    """A study by its file, or by its name where it comes with the package.

    Raises:
        OptionError: it cannot be read, is not YAML, or is faulty; all faults are told at once, each with its line.
    """
    given = str(name)
    if given in study_names():
        return parse_study((_folder() / f"{given}.yaml").read_text(encoding="utf-8"), given)
    try:
        text = Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8 text"
        hint = f"Give a YAML file, or a study that comes along: {', '.join(study_names())}."
        raise OptionError(f"The study {given} cannot be read: {why}.", hint) from None
    return parse_study(text, given)


def parse_study(text: str, where: str) -> Study:
    """A study from YAML text; `where` names it in errors. Raises OptionError as `read_study`."""
    try:
        tree = yaml.compose(text, yaml.SafeLoader)
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise OptionError(f"The study {where} is not YAML: {' '.join(str(error).split())}.", HINT) from None
    except RecursionError:
        raise OptionError(f"The study {where} is nested without end.", HINT) from None
    if not isinstance(values, dict) or tree is None:
        raise OptionError(f"The study {where} is no mapping of names to values.", HINT)
    study = None
    try:
        lines = dict(_lines(tree, ()))
        faults = [(lines[place], f"'{place[-1]}' is given twice") for place in _twice(tree, ())]
        study = Study(**_frozen(values))
    except RecursionError:  # an alias within what it stands for
        raise OptionError(f"The study {where} refers to itself.", HINT) from None
    except ValidationError as error:
        for one in error.errors(include_url=False):
            place = _place(one, lines)
            faults.append((_line(lines, place), _fault(one, place)))
    if faults or study is None:
        told = "; ".join(f"line {line}: {fault}" for line, fault in sorted(dict.fromkeys(faults)))
        raise OptionError(f"The study {where} is faulty: {told}.", HINT)
    return study


def _frozen(value: Any) -> Any:
    """YAML has lists where a study has tuples, and whole numbers where it has fractions."""
    if isinstance(value, dict):
        return {str(name): _frozen(one) for name, one in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else value


def _lines(node: yaml.Node, place: Place) -> Iterator[tuple[Place, int]]:
    """The line of every name and entry."""
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            yield from _lines(value, inner)
            yield inner, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _lines(value, (*place, str(at)))


def _twice(node: yaml.Node, place: Place) -> Iterator[Place]:
    """Names given twice in one mapping, of which YAML would silently take the last."""
    if isinstance(node, yaml.MappingNode):
        names = [str(key.value) for key, _ in node.value]
        yield from ((*place, name) for name in sorted({one for one in names if names.count(one) > 1}))
        for key, value in node.value:
            yield from _twice(value, (*place, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _twice(value, (*place, str(at)))


def _place(fault: Any, lines: dict[Place, int]) -> Place:
    """Where the file has it: a single grid may stand there without a list around it."""
    place = tuple(str(part) for part in fault["loc"])
    return place if place[:2] != ("pruning", "0") or place[:2] in lines else (place[0], *place[2:])


def _line(lines: dict[Place, int], place: Place) -> int:
    """The line of the innermost part of a place that the file has."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _fault(fault: Any, place: Place) -> str:
    name = ".".join(part for part in place if not part.startswith(("tuple[", "function-", "constrained-", "str")))
    if fault["type"] == "extra_forbidden":
        return f"'{name}' is not known{_guess(place)}"
    if fault["type"] == "model_type":
        return f"{name}: it has to be names with values"
    said = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
    if fault["type"] == "missing":
        return f"'{name}' is missing"
    return f"{name}: {said[:1].lower()}{said[1:]}" if name else said


def _guess(place: Place) -> str:
    pattern = tuple(
        "*" if at == 1 and place[0] in ("conditions", "pruning") else part for at, part in enumerate(place[:-1])
    )
    known: Sequence[str] = list(_KNOWN[pattern].model_fields) if pattern in _KNOWN else []
    close = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.5)
    return f" (did you mean '{close[0]}'?)" if close else ""


def _folder() -> Any:
    return files("cotpress").joinpath("studies")
