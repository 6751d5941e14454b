"""The template of a level: its sections, in order, each with what its heading says."""

from __future__ import annotations

import re
from functools import cache

from cotpress.answers import extract_answer
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.numbers import parse_numbers
from cotpress.rewriting.checks.registry import register_check


@register_check("sections")
def sections(draft: Draft) -> str | None:
    """Fails where the headings of the level's template for this domain do not stand at line starts in order, each at
    most once and with content, where the last two are missing, or where something stands before the first.

    A section for which the trace has nothing is left out. `Given: ...`, `**Given:** ...`, `**Given**`, `## Given` and
    `1. Given:` are headings alike.
    """
    headings = draft.level.headings(draft.domain)
    if not headings:
        return None
    found = _find_sections(draft.text, headings)
    names = [name for name, _, _ in found]
    for heading in headings:
        count = names.count(heading.casefold())
        if count > 1 or (count == 0 and heading in find_required_headings(headings)):
            fault = "is missing" if count == 0 else f"stands {count} times"
            return f'The section "{heading}" {fault}; the sections are {", ".join(headings)}.'
    if names != [heading.casefold() for heading in headings if heading.casefold() in names]:
        return f"Its sections are not in the order {', '.join(headings)}."
    for name, _, content in found:
        if not re.search(r"\w", content):
            return f'The section "{name.capitalize()}" has no content.'
    if re.search(r"\w", draft.text[: found[0][1]]):
        return f'There is text before the first section, "{names[0].capitalize()}".'
    return None


def find_required_headings(headings: tuple[str, ...]) -> tuple[str, ...]:
    """The headings that every rewrite has: the answer, and the work that leads to it.

    >>> find_required_headings(("Given", "Find", "Plan", "Work", "Answer"))
    ('Work', 'Answer')
    >>> find_required_headings(("Question", "Evidence", "Inference", "Answer"))
    ('Evidence', 'Answer')
    """
    work = next((heading for heading in headings if heading in _WORK_HEADINGS), None)
    return tuple(heading for heading in headings if heading in (work, headings[-1]) or work is None)


def _find_sections(text: str, headings: tuple[str, ...]) -> list[tuple[str, int, str]]:
    """(name, where its heading begins, content) of each section, in order."""
    matches = list(_compile_heading_pattern(headings).finditer(text))
    if not matches:
        return []
    ends = [match.start() for match in matches[1:]] + [len(text)]
    return [
        (match[match.lastgroup or 0].casefold(), match.start(), text[match.end() : end].strip())
        for match, end in zip(matches, ends, strict=True)
    ]


@register_check("section-content")
def section_content(draft: Draft) -> str | None:
    """Fails where a section does not hold what its heading says.

    The answer is a value and not the work again; a plan tells no results; what is given is no list of options and has
    no number that only the work arrives at; what is to be found, or the question, asks; the work is not the answer.
    """
    headings = draft.level.headings(draft.domain)
    if not headings:
        return None
    held = {name: content for name, _, content in _find_sections(draft.text, headings)}
    answer = held.get("answer", "")
    if answer.count("\n") > _MAX_ANSWER_LINES or len(answer) > max(_MAX_ANSWER_CHARACTERS, len(draft.trace.answer)):
        return 'The section "Answer" has more than the answer.'
    if _RESULT.search(held.get("plan", "")):
        return 'The section "Plan" has results.'
    given = held.get("given", "")
    if len(_OPTION.findall(given)) > 1:
        return 'The section "Given" lists the options.'
    if draft.trace.question and parse_numbers(given) - parse_numbers(draft.trace.question) - _find_stated_numbers(
        draft
    ):
        return 'The section "Given" has numbers that the question does not give.'
    for name in ("find", "question"):
        if name in held and not _asks(held[name], draft.trace.question):
            return f'The section "{name.capitalize()}" does not ask.'
    work = held.get("work", held.get("evidence", ""))
    if work and work.strip(" .*$") == answer.strip(" .*$") and not _is_short(draft):
        return "The work is the answer alone."
    return None


def _asks(text: str, question: str) -> bool:
    """Whether a section asks, or says what the question asks to find: "$m + n$." of "Find $m + n$." """
    if text.rstrip(" *").endswith("?") or _TASK.search(text):
        return True
    before, found, _ = " ".join(question.split()).rpartition(" ".join(text.split()).rstrip(" .*"))
    return bool(found) and _TASK_END.search(before[-_MAX_TASK_WORD:]) is not None


def _is_short(draft: Draft) -> bool:
    return len(draft.original_content) < _MIN_WORKED_UNITS


def _find_stated_numbers(draft: Draft) -> set[str]:
    """The numbers of the trace's sentences that only state them, without an equation."""
    sentences = re.split(r"(?<=[.!?])\s|\n", draft.trace.reasoning)
    plain = (sentence for sentence in sentences if "=" not in sentence and not extract_answer(sentence))
    return set().union(*map(parse_numbers, plain))


_WORK_HEADINGS = ("Work", "Evidence")
_MAX_ANSWER_LINES, _MAX_ANSWER_CHARACTERS = 2, 100
_MIN_WORKED_UNITS = 8
_RESULT = re.compile(r"=\s*[$\\(]*-?\d|\b(?:is|gives|equals|get) \$?\d+(?:\.\d+)?\s*[.;]")
_TASK_END = re.compile(r"\b(?:find|determine|compute|calculate)\s\Z", re.IGNORECASE)
_MAX_TASK_WORD = 12  # characters
_OPTION = re.compile(r"(?:^|\s)\(?[A-J][.)]\s", re.MULTILINE)
_TASK = re.compile(
    r"\b(?:find|determine|compute|calculate|evaluate|how|what|which|who|when|where|why|prove|show|simplify|express"
    r"|solve"
    r"|whether|list|name|choose|select|give|is|are|does|do|did|can|could|would|will|has|have|decide|estimate|write)\b",
    re.IGNORECASE,
)


@cache
def _compile_heading_pattern(headings: tuple[str, ...]) -> re.Pattern[str]:
    """A heading at the start of a line. Without a mark of Markdown it needs a colon: "Find the sum" is none."""
    names = "|".join(re.escape(heading) for heading in sorted(headings, key=len, reverse=True))
    number, bold, colon = r"(?:\d{1,2}[.)][ \t]*)?", r"(?:\*\*|__)", r"[ \t]*[:：]"
    ends = rf"(?:{colon}{bold}?|{bold}{colon}|{colon}?{bold}?(?=[ \t]*$))"
    return re.compile(
        r"^[ \t]*(?:[-*•>][ \t]+)?(?:"
        rf"#{{1,6}}[ \t]*{number}{bold}?(?P<titled>{names}){ends}"
        rf"|{number}{bold}{number}(?P<bold>{names})(?:{colon}{bold}|{bold}{colon}|{bold}(?=[ \t]*$))"
        rf"|{number}(?P<plain>{names}){colon})",
        re.MULTILINE | re.IGNORECASE,
    )
