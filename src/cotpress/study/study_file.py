"""A study from its YAML file, or every fault in it at once, each with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from cotpress.errors import OptionError
from cotpress.study.config import BaseModel, Condition, PruningGrid, RewritingGrid, Study, StudySource, ValidationError
from cotpress.yaml_text import load_yaml

YamlPath: TypeAlias = tuple[str, ...]
STUDY_HINT = "See docs/studies.md."
# What may stand at each depth, for guesses at what an unknown name was meant to be.
_MODELS_BY_PATH: dict[YamlPath, type[BaseModel]] = {
    (): Study,
    ("conditions", "*"): Condition,
    ("pruning",): PruningGrid,
    ("pruning", "*"): PruningGrid,
    ("rewriting",): RewritingGrid,
    ("sources", "*"): StudySource,
}


def list_studies() -> list[str]:
    """The studies that come with the package.

    >>> list_studies()
    ['demo', 'published', 'world']
    """
    return sorted(
        file.name.removesuffix(".yaml") for file in _get_studies_folder().iterdir() if file.name.endswith(".yaml")
    )


def read_study(name: str | Path) -> Study:
    """A study by its file, or by its name where it comes with the package.

    Raises:
        OptionError: it cannot be read, is not YAML, or is faulty; the message has every fault with its line.

    >>> read_study("demo").name
    'A small study of the micro world'
    """
    title = str(name)
    if title in list_studies():
        return parse_study((_get_studies_folder() / f"{title}.yaml").read_text(encoding="utf-8"), title)
    try:
        text = Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "not UTF-8 text"
        hint = f"Give a YAML file, or a study that comes along: {', '.join(list_studies())}."
        raise OptionError(f"The study {title} cannot be read: {why}.", hint) from None
    return parse_study(text, title)


def parse_study(text: str, where: str) -> Study:
    """A study from YAML text; `where` names it in errors. Raises OptionError as `read_study`.

    >>> parse_study("{name: a, conditions: {m: {traces: world, domain: math, regime: long}}}", "a").seeds
    (0,)
    """
    try:
        values = load_yaml(text)
        tree = yaml.compose(text, yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise OptionError(f"The study {where} is not YAML: {' '.join(str(error).split())}.", STUDY_HINT) from None
    except RecursionError:
        raise OptionError(f"The study {where} is nested without end.", STUDY_HINT) from None
    if not isinstance(values, dict) or tree is None:
        raise OptionError(f"The study {where} is no mapping of names to values.", STUDY_HINT)
    study = None
    try:
        lines = dict(_find_lines(tree, ()))
        faults = [(lines[place], f"'{place[-1]}' is given twice") for place in _find_duplicates(tree, ())]
        study = Study(**_freeze(values))
    except RecursionError:  # an alias within what it stands for
        raise OptionError(f"The study {where} refers to itself.", STUDY_HINT) from None
    except ValidationError as error:
        found = [(_locate_fault(details, lines), details) for details in error.errors(include_url=False)]
        for place, details in found:
            if details["type"] != "too_short" or not any(_is_within(other, place) for other, _ in found):
                faults.append((_find_line(lines, place), _describe_fault(details, place)))
    if faults or study is None:
        listed = "; ".join(f"line {line}: {fault}" for line, fault in sorted(dict.fromkeys(faults)))
        raise OptionError(f"The study {where} is faulty: {listed}{'' if listed.endswith('?') else '.'}", STUDY_HINT)
    return study


def _freeze(value: Any) -> Any:
    """YAML has lists where a study has tuples, and whole numbers where it has fractions."""
    if isinstance(value, dict):
        return {str(name): _freeze(inner) for name, inner in value.items()}
    return tuple(map(_freeze, value)) if isinstance(value, list) else value


def _find_lines(node: yaml.Node, place: YamlPath) -> Iterator[tuple[YamlPath, int]]:
    """The line of every name and entry."""
    yield place, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*place, str(key.value))
            yield from _find_lines(value, inner)
            yield inner, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _find_lines(value, (*place, str(at)))


def _find_duplicates(node: yaml.Node, place: YamlPath) -> Iterator[YamlPath]:
    """Names given twice in one mapping, of which YAML would silently take the last."""
    if isinstance(node, yaml.MappingNode):
        names = [str(key.value) for key, _ in node.value]
        yield from ((*place, name) for name in sorted({name for name in names if names.count(name) > 1}))
        for key, value in node.value:
            yield from _find_duplicates(value, (*place, str(key.value)))
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from _find_duplicates(value, (*place, str(at)))


def _locate_fault(fault: Any, lines: dict[YamlPath, int]) -> YamlPath:
    """Where the file has it: a single grid may stand there without a list around it."""
    place = tuple(str(part) for part in fault["loc"])
    return place if place[:2] != ("pruning", "0") or place[:2] in lines else (place[0], *place[2:])


def _is_within(inner: YamlPath, outer: YamlPath) -> bool:
    """Whether a place is part of another one: a list of faulty entries alone is not empty besides."""
    return len(inner) > len(outer) and inner[: len(outer)] == outer


def _find_line(lines: dict[YamlPath, int], place: YamlPath) -> int:
    """The line of the innermost part of a place that the file has."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _describe_fault(fault: Any, place: YamlPath) -> str:
    name = ".".join(part for part in place if not part.startswith(("tuple[", "function-", "constrained-", "str")))
    if fault["type"] == "extra_forbidden":
        return f"'{name}' is not known{_suggest_name(place)}"
    if fault["type"] == "model_type":
        return f"{name}: it has to be names with values"
    message = str(fault["msg"]).removeprefix("Value error, ").rstrip(".")
    if fault["type"] == "missing":
        return f"'{name}' is missing"
    return f"{name}: {message[:1].lower()}{message[1:]}" if name else message


def _suggest_name(place: YamlPath) -> str:
    pattern = tuple(
        "*" if at == 1 and place[0] in ("conditions", "pruning", "sources") else part
        for at, part in enumerate(place[:-1])
    )
    known: Sequence[str] = list(_MODELS_BY_PATH[pattern].model_fields) if pattern in _MODELS_BY_PATH else []
    close = difflib.get_close_matches(place[-1], known, n=1, cutoff=0.5)
    return f" (did you mean '{close[0]}'?)" if close else ""


def _get_studies_folder() -> Any:
    return files("cotpress.study").joinpath("studies")
