"""A restructuring level as its Markdown file states it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from cotpress.deprecation import rename_fields
from cotpress.errors import OptionError
from cotpress.types import DOMAINS
from cotpress.yaml_text import load_yaml

_FRONT_MATTER_FENCE = "---\n"
_REQUIRED_FIELDS = {"name": str, "order": int, "version": int, "summary": str, "published_in": str, "checks": list}
_OPTIONAL_FIELDS = {"sections": dict, "strategy": str}
_RENAMED_FIELDS = {"source": "published_in"}  # the names of before work, with a warning
_logger = logging.getLogger("cotpress")


@rename_fields(source="published_in")
@dataclass(frozen=True, slots=True)
class Level:
    """What a rewriter may do to a trace's structure.

    Args:
        name: the level's name.
        order: ranks levels by how much they restructure.
        version: a number that is raised whenever the prompt changes.
        summary: one sentence for people.
        published_in: where the level comes from.
        checks: names of checks, beyond those that every rewrite has to pass.
        sections: the headings of a template, by domain; empty for a level without a template.
        prompt: what a language model is asked to do.
        strategy: the name of the level whose rules write without a model; "" for the level's own name.
    """

    name: str
    order: int
    version: int
    summary: str
    published_in: str
    checks: tuple[str, ...]
    sections: Mapping[str, tuple[str, ...]]
    prompt: str
    strategy: str = ""

    @property
    def rules(self) -> str:
        """The name under which rules for this level are looked up."""
        return self.strategy or self.name

    def headings(self, domain: str) -> tuple[str, ...]:
        """The template's headings for a domain, () for a level without a template."""
        return self.sections.get(domain, ()) if self.sections else ()


def parse_level(text: str, where: str) -> Level:
    """Read a level file: YAML front matter between two `---` lines, then the prompt.

    Raises:
        OptionError: something is missing, of a wrong type or not known; `where` names the file.
    """
    head, fence, prompt = text.removeprefix(_FRONT_MATTER_FENCE).partition("\n" + _FRONT_MATTER_FENCE)
    if not text.startswith(_FRONT_MATTER_FENCE) or not fence or not prompt.strip():
        raise OptionError(f"The level file {where} has no front matter or no prompt.", _FORMAT_HINT)
    try:
        front = _rename_fields(load_yaml(head), where)
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise OptionError(f"The front matter of {where} is not YAML: {reason}.", _FORMAT_HINT) from None
    _validate_front_matter(front, where)
    return Level(
        **{name: front[name] for name in ("name", "order", "version", "summary", "published_in")},
        checks=tuple(front["checks"]),
        sections={domain: tuple(headings) for domain, headings in front.get("sections", {}).items()},
        prompt=prompt.strip(),
        strategy=front.get("strategy", ""),
    )


_FORMAT_HINT = (
    f"A level file begins with --- lines around {', '.join(_REQUIRED_FIELDS)}; the prompt follows. "
    "See docs/extending.md."
)


def _rename_fields(front: Any, where: str) -> Any:
    if not isinstance(front, dict):
        return front
    for old in _RENAMED_FIELDS.keys() & front.keys():
        _logger.warning("The field '%s' of the level file %s is now '%s'.", old, where, _RENAMED_FIELDS[old])
    return {_RENAMED_FIELDS.get(name, name): value for name, value in front.items()}


def _validate_front_matter(front: Any, where: str) -> None:
    known = _REQUIRED_FIELDS | _OPTIONAL_FIELDS
    faults = [] if isinstance(front, dict) else ["it is no mapping"]
    if not faults:
        faults += [f"'{name}' is missing" for name in _REQUIRED_FIELDS if name not in front]
        faults += [f"'{name}' is not known" for name in front if name not in known]
        faults += [
            f"'{name}' is not {known[name].__name__}"
            for name, value in front.items()
            if name in known and not isinstance(value, known[name])
        ]
    if not faults and not set(front.get("sections", {})) <= {*DOMAINS}:
        faults.append(f"'sections' names a domain that is none of {', '.join(DOMAINS)}")
    if not faults and not all(_is_text_list(value) for value in (front["checks"], *front.get("sections", {}).values())):
        faults.append("'checks' and each of 'sections' are lists of texts")
    if faults:
        raise OptionError(f"The front matter of {where} is faulty: {'; '.join(faults)}.", _FORMAT_HINT)


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
