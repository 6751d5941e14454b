"""How far a LaTeX expression reaches: a command with its arguments, a base with its scripts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cotpress.types import Span

LatexExtent = tuple[int, list[Span]]  # where it ends; the positions of the { and } of its arguments, in order

_ONE_ARGUMENT = """
    sqrt hat bar vec tilde dot ddot widehat widetilde overline underline overrightarrow overleftarrow mathbf mathrm
    mathbb mathcal mathfrak mathsf mathit mathscr boldsymbol bm text textbf textit textrm mbox hbox boxed fbox cancel
    operatorname pmod pod phantom not begin end left right middle big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl
    biggr Biggl Biggr xrightarrow xleftarrow overbrace underbrace tag label
"""
_TWO_ARGUMENTS = "frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel textcolor"
_ONE_ARGUMENT_COMMANDS, _TWO_ARGUMENT_COMMANDS = frozenset(_ONE_ARGUMENT.split()), frozenset(_TWO_ARGUMENTS.split())
_TEXT_COMMAND = re.compile(r"\\(?:text[a-z]*|mbox|hbox|tag|label|href|url|emph)\*?\Z")
_OPTIONAL_ARGUMENT = re.compile(r"\s*+\[[^\[\]{}$\n]{0,40}\]")
_OPTIONAL_ARGUMENT_COMMANDS = frozenset(("sqrt", "\\", "xrightarrow", "xleftarrow", "cfrac"))
_BLANK = re.compile(r"\s*+")
_COMMAND = re.compile(r"\\(?:[A-Za-z]++\*?|[\S ])")
_LIMITS = re.compile(r"\s*+\\(?:no|display)?limits(?![A-Za-z])")
_PLAIN_SCRIPT = re.compile(r"\([^\s(){}\\$]{1,20}\)|[-+−]?(?:\d++|[^\W\d_])|[^\s{}&$\\]")
_WORD_SCRIPT = re.compile(r"\([^\s(){}\\$]{1,20}\)|[-+−]?\w++|[^\s{}&$\\]")


def is_text_command(command: str) -> bool:
    """Whether the argument of a command, such as \\text, is prose."""
    return _TEXT_COMMAND.match(command) is not None


class LatexReader:
    """Reads extents in one text, with the known partner of each `{`."""

    def __init__(self, text: str, partner: Mapping[int, int]) -> None:
        self.text = text
        self.partner = partner

    def read_arguments(self, name: str, at: int, limit: int) -> LatexExtent:
        """The arguments of the command `name` (without its backslash), which ends at `at`.

        As many as the command needs, braced or single tokens; where that is not known, all that follow in braces.
        """
        name = name.rstrip("*")
        needed = 1 if name in _ONE_ARGUMENT_COMMANDS else 2 if name in _TWO_ARGUMENT_COMMANDS else 0
        spans: list[Span] = []
        if name in _OPTIONAL_ARGUMENT_COMMANDS and (m := _OPTIONAL_ARGUMENT.match(self.text, at, limit)):
            at = m.end()
        for _ in range(needed):
            end, inner = self._read_argument(at, limit)
            if end == at:
                return at, spans
            at, spans = end, spans + inner
        while name[:1].isalpha() and not needed and (brace := self._match_braces(at, limit)):
            at = brace[1] + 1
            spans.append(brace)
        return at, spans

    def read_scripts(self, at: int, limit: int, spaced: bool) -> LatexExtent:
        """All scripts and primes from `at` on; `spaced` (in math) lets blanks stand between."""
        spans: list[Span] = []
        while at < limit:
            if m := _LIMITS.match(self.text, at, limit):
                at = m.end()
                continue
            here = self._skip_blanks(at, limit) if spaced else at
            sign = self.text[here : here + 1] if here < limit else ""
            if sign in ("'", "’") and spaced:
                at = here + 1
            elif sign in ("^", "_"):
                at, inner = self._read_script(here + 1, limit, spaced)
                spans += inner
            else:
                break
        return at, spans

    def _read_script(self, at: int, limit: int, spaced: bool) -> LatexExtent:
        here = self._skip_blanks(at, limit) if spaced else at
        if brace := self._match_braces(here, limit):
            return brace[1] + 1, [brace]
        if here < limit and self.text[here] == "\\" and (m := _COMMAND.match(self.text, here, limit)):
            return self.read_arguments(m.group()[1:], m.end(), limit)
        m = (_PLAIN_SCRIPT if spaced else _WORD_SCRIPT).match(self.text, here, limit)
        return (m.end(), []) if m else (at, [])

    def _read_argument(self, at: int, limit: int) -> LatexExtent:
        """One argument after optional blanks: braces, a command or a single character."""
        here = self._skip_blanks(at, limit)
        if brace := self._match_braces(here, limit):
            return brace[1] + 1, [brace]
        if here >= limit or self.text[here] in "{}&$":
            return at, []
        if self.text[here] == "\\":
            m = _COMMAND.match(self.text, here, limit)
            if m is None or m.group() in ("\\\\", "\\)", "\\]"):
                return at, []
            # An argument that is itself a command, as in \frac\pi2, takes no more than braces of its own.
            brace = self._match_braces(m.end(), limit)
            return (brace[1] + 1, [brace]) if brace else (m.end(), [])
        return here + 1, []

    def _match_braces(self, at: int, limit: int) -> Span | None:
        if at >= limit or self.text[at] != "{":
            return None
        close = self.partner.get(at)
        return (at, close) if close is not None and close < limit else None

    def _skip_blanks(self, at: int, limit: int) -> int:
        m = _BLANK.match(self.text, at, limit)
        return m.end() if m else at
