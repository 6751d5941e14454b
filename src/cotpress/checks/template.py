"""The template of a level: its sections, in order, each with content."""

from __future__ import annotations

import re
from functools import cache

from cotpress.checks.draft import Draft


def sections(draft: Draft) -> str | None:
    """Fails where the headings of the level's template for this domain do not stand at line starts in order, each
    once and with content, and nothing before the first.

    `Given: ...`, `**Given:** ...`, `**Given**`, `## Given` and `1. Given:` are headings alike.
    """
    headings = draft.level.headings(draft.domain)
    if not headings:
        return None
    found = [(match[match.lastgroup or 0].casefold(), match) for match in _heading(headings).finditer(draft.text)]
    names = [name for name, _ in found]
    for heading in headings:
        count = names.count(heading.casefold())
        if count != 1:
            fault = "is missing" if count == 0 else f"stands {count} times"
            return f'The section "{heading}" {fault}; the sections are {", ".join(headings)}.'
    if names != [heading.casefold() for heading in headings]:
        return f"Its sections are not in the order {', '.join(headings)}."
    ends = [match.start() for _, match in found[1:]] + [len(draft.text)]
    for heading, (_, match), end in zip(headings, found, ends, strict=True):
        if not re.search(r"\w", draft.text[match.end() : end]):
            return f'The section "{heading}" has no content.'
    if re.search(r"\w", draft.text[: found[0][1].start()]):
        return f'There is text before the first section, "{headings[0]}".'
    return None


@cache
def _heading(headings: tuple[str, ...]) -> re.Pattern[str]:
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
