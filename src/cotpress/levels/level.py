"""A restructuring level as its Markdown file states it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from cotpress.errors import OptionError

DOMAINS = ("math", "general")
_FENCE = "---\n"
_REQUIRED = {"name": str, "order": int, "version": int, "summary": str, "source": str, "checks": list}
_OPTIONAL = {"sections": dict}


@dataclass(frozen=True, slots=True)
class Level:
    """What a rewriter does to a trace's structure.

    `order` ranks levels by how much they restructure; `version` is raised whenever the prompt changes.
    `checks` names what is verified beyond the checks that every rewrite passes. `sections` are the headings
    of a template, by domain; empty where there is none. `prompt` is the contract told to a language model.
    """

    name: str
    order: int
    version: int
    summary: str
    source: str
    checks: tuple[str, ...]
    sections: Mapping[str, tuple[str, ...]]
    prompt: str

    def headings(self, domain: str) -> tuple[str, ...]:
        """The template's headings for a domain, () for a level without a template."""
        return self.sections.get(domain, ()) if self.sections else ()


def parse_level(text: str, where: str) -> Level:
    """Read a level file: YAML front matter between two `---` lines, then the prompt.

    Raises:
        OptionError: something is missing, of a wrong type or not known; `where` names the file.
    """
    head, fence, prompt = text.removeprefix(_FENCE).partition("\n" + _FENCE)
    if not text.startswith(_FENCE) or not fence or not prompt.strip():
        raise OptionError(f"The level file {where} has no front matter or no prompt.", _SHAPE)
    try:
        front = yaml.safe_load(head)
    except yaml.YAMLError as error:
        said = " ".join(str(error).split())
        raise OptionError(f"The front matter of {where} is not YAML: {said}.", _SHAPE) from None
    _check(front, where)
    return Level(
        **{name: front[name] for name in ("name", "order", "version", "summary", "source")},
        checks=tuple(front["checks"]),
        sections={domain: tuple(headings) for domain, headings in front.get("sections", {}).items()},
        prompt=prompt.strip(),
    )


_SHAPE = f"A level file begins with --- lines around {', '.join(_REQUIRED)}; the prompt follows. See docs/extending.md."


def _check(front: Any, where: str) -> None:
    known = _REQUIRED | _OPTIONAL
    faults = [] if isinstance(front, dict) else ["it is no mapping"]
    if not faults:
        faults += [f"'{name}' is missing" for name in _REQUIRED if name not in front]
        faults += [f"'{name}' is not known" for name in front if name not in known]
        faults += [
            f"'{name}' is not {known[name].__name__}"
            for name, value in front.items()
            if name in known and not isinstance(value, known[name])
        ]
    if not faults and not set(front.get("sections", {})) <= {*DOMAINS}:
        faults.append(f"'sections' names a domain that is none of {', '.join(DOMAINS)}")
    if not faults and not all(_texts(value) for value in (front["checks"], *front.get("sections", {}).values())):
        faults.append("'checks' and each of 'sections' are lists of texts")
    if faults:
        raise OptionError(f"The front matter of {where} is faulty: {'; '.join(faults)}.", _SHAPE)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
