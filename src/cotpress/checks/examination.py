"""The checks by name, and the examination that runs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cotpress.checks.answer import answer_kept
from cotpress.checks.draft import Draft
from cotpress.checks.form import no_echo, no_fence, no_preamble, not_cut_off, not_empty
from cotpress.checks.language import same_language
from cotpress.checks.numbers import faithful, numbers_kept
from cotpress.checks.order import fewer_steps, steps_kept, subsequence
from cotpress.checks.template import sections
from cotpress.errors import unknown_name
from cotpress.levels import Level

Check = Callable[[Draft], str | None]
"""Gives None where the draft passes, else the reason in one sentence: shown to people and sent to the writer."""

CHECKS: Mapping[str, Check] = MappingProxyType(
    {
        "not-empty": not_empty,
        "no-fence": no_fence,
        "no-preamble": no_preamble,
        "no-echo": no_echo,
        "not-cut-off": not_cut_off,
        "answer-kept": answer_kept,
        "faithful": faithful,
        "same-language": same_language,
        "fewer-steps": fewer_steps,
        "sections": sections,
        "subsequence": subsequence,
        "numbers-kept": numbers_kept,
        "steps-kept": steps_kept,
    }
)
# Run on every rewrite, the cheapest first. A level names what it needs beyond these.
COMMON = (
    "not-empty",
    "no-fence",
    "no-preamble",
    "no-echo",
    "not-cut-off",
    "answer-kept",
    "faithful",
    "same-language",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A check that a draft failed, by its code, and why in one sentence."""

    check: str
    reason: str


def check_names(level: Level) -> None:
    """Raises OptionError where a level names a check that does not exist."""
    for name in level.checks:
        if name not in CHECKS:
            raise unknown_name("check", name, CHECKS)


def examine(draft: Draft) -> tuple[Verdict, ...]:
    """The checks that a draft failed: the common ones first, then its level's. An empty draft fails that one alone.

    Raises:
        OptionError: the level names a check that does not exist.
    """
    check_names(draft.level)
    if not len(draft.rewritten_content):
        return (Verdict("not-empty", str(not_empty(draft))),)
    names = dict.fromkeys((*COMMON, *draft.level.checks))
    found = ((name, CHECKS[name](draft)) for name in names)
    return tuple(Verdict(name, reason) for name, reason in found if reason)
