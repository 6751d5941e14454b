"""Checks on what a rewrite is wrapped in: it is there, it is whole, and it is nothing but reasoning."""

from __future__ import annotations

import re

from cotpress.answers import find_statement_span
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.registry import register_check
from cotpress.text.markers import STOPWORDS

# Fewer units than this that say something, and less than this share of the original's: no reasoning is left.
MIN_UNITS, MIN_UNIT_SHARE = 3, 0.25
_WORD = re.compile(r"\w+")


@register_check("not-empty")
def not_empty(draft: Draft) -> str | None:
    """Fails where nothing is left, a word or two that stand for no reasoning, or the answer alone."""
    if not len(draft.rewritten_content):
        return "It is empty."
    if _states_answer_alone(draft.text) and not _states_answer_alone(draft.trace.reasoning):
        return "It states the answer, and no reasoning is left."
    left = _count_informative_units(draft.rewritten_content.units)
    if left >= MIN_UNITS or left >= MIN_UNIT_SHARE * _count_informative_units(draft.original_content.units):
        return None
    return "It is too short to be the reasoning."


def _states_answer_alone(text: str) -> bool:
    """Whether a text states the answer, and has hardly a word beside: "So the answer is 41." """
    span = find_statement_span(text)
    if span is None:
        return False
    beside = _WORD.findall(text[: span[0]] + " " + text[span[1] :])
    return sum(word.casefold() not in STOPWORDS for word in beside) < MIN_UNITS


def _count_informative_units(units: tuple[str, ...]) -> int:
    return sum(unit not in STOPWORDS for unit in units)


_BRACKET_PAIRS = (("\\[", "\\]"), ("\\(", "\\)"), ("\\begin{", "\\end{"), ("{", "}"))
_PAIRED_MARKS = ("```", "$$")
_ESCAPED_MARK = re.compile(r"\\[\\{}$]")
_SINGLE_DOLLAR = re.compile(r"(?<!\$)\$(?!\$)")
_DOLLAR_AMOUNT = re.compile(r"(?<!\$)\$\s?(?:\d|<<)")


_INLINE = ("\\(", "\\)")


@register_check("not-cut-off")
def not_cut_off(draft: Draft) -> str | None:
    """Fails where the writer ran out of tokens, or stopped inside a formula, a fence or braces."""
    if draft.finish == "length":
        return "It was cut off before its end."
    opened = _find_first_unclosed_mark(draft.text)
    if not opened or opened in _find_unclosed_marks(draft.trace.reasoning):
        return None
    if opened == _INLINE[0] and any(
        line.count(opened) > line.count(_INLINE[1]) for line in draft.trace.reasoning.split("\n")
    ):
        return None  # a line of the original is so
    return f"It ends before a {opened} that it opens is closed."


def _find_first_unclosed_mark(text: str) -> str:
    """The first mark that a text opens and never closes, "" for none."""
    return next(iter(_find_unclosed_marks(text)), "")


def _find_unclosed_marks(text: str) -> list[str]:
    # "\\\\" and "\\[4pt]" are line breaks, "\\{" is a brace that need have no partner ("\\right.").
    text = _ESCAPED_MARK.sub("", text)
    unclosed = [opening for opening, closing in _BRACKET_PAIRS if text.count(opening) > text.count(closing)]
    unclosed += [mark for mark in _PAIRED_MARKS if text.count(mark) % 2]
    if len(_SINGLE_DOLLAR.findall(text)) % 2 and not _DOLLAR_AMOUNT.search(text):
        unclosed.append("$")
    return unclosed


_EDITING_PARTICIPLE = (
    r"(?:re-?written|re-?writ(?:e|ing)|shorten(?:ed|ing)?|shorter|condensed?|compressed|concise|brief(?:er)?|revised"
    r"|edited|simplified|streamlined|summari[sz]ed?|fused|merged|trimmed|restructured|abridged|pruned|reformatted)"
)
_TEXT_NOUN = r"(?:reasoning|version|solution|text|trace|explanation|rewrite|output|summary|draft|chain of thought)"
_FIRST_PERSON = r"(?:i|i['’]ve|i['’]ll|i have|i will|let me)"
_REFUSAL = r"(?:i['’]m|i am) sorry,? (?:but )?i (?:can['’]t|cannot|am unable)\b"
# The object tells a remark on the text from reasoning: "I removed the filler words", not "I removed 3 apples".
_EDITED_OBJECT = (
    rf"[^.\n]{{0,60}}\b(?:{_TEXT_NOUN}|fillers?|hedges|hedging|redundan\w+|unnecessary|repetiti\w+|self-talk|wording)\b"
)
_PREAMBLE = re.compile(
    r"[\s*_#>`\"]*(?:(?:sure|certainly|of course|absolutely|okay|ok|alright|got it|understood|yes)\b[,.!:\s]*)*(?:"
    rf"(?:here|below|this)(?:['’]s| is| are) (?:[\w-]+ ){{0,4}}?{_EDITING_PARTICIPLE} (?:[\w-]+ ){{0,2}}?{_TEXT_NOUN}\b"
    rf"|(?:here|below)(?:['’]s| is) (?:the|a|an|my|your) (?:[\w-]+ ){{0,3}}?{_TEXT_NOUN}\b[^.\n]{{0,60}}:"
    rf"|(?:the |my |your )?{_EDITING_PARTICIPLE} (?:[\w-]+ ){{0,2}}?{_TEXT_NOUN}\b[\s*_]*(?:\([^)\n]*\))?[\s*_]*[:\n]"
    rf"|{_FIRST_PERSON} (?:now )?{_EDITING_PARTICIPLE}\b{_EDITED_OBJECT}|{_REFUSAL}|as an ai\b"
    r"|i (?:can['’]t|cannot) (?:help|assist|comply)\b)"
    r"|[\s*_]*(?:sure|certainly|absolutely|of course)\s*[!,.]?\s*(?:\n|here['’]s\b|here is\b|below\b)"
    r"|[\s*_]*(?:sure|certainly|absolutely)\s*[!,.]\s*i(?:['’]ll| can| will)\b",
    re.IGNORECASE,
)
_CLOSING_REMARK = re.compile(
    r"[\s*_(>-]*(?:let me know (?:if|whether)\b|(?:please )?feel free to (?:ask|let)\b|i hope (?:this|that) helps\b"
    r"|would you like me to\b|if you(?:['’]d| would)? (?:like|need|want)\b[^.\n]{0,80}\b(?:let me know|i can)\b"
    rf"|note\s*:?\W*[^.\n]{{0,60}}\b(?:removed|kept|dropped|deleted|preserved|omitted|{_EDITING_PARTICIPLE})\b{_EDITED_OBJECT}"
    rf"|(?:i|i['’]ve|i have) (?:removed|dropped|deleted|omitted|kept|{_EDITING_PARTICIPLE})\b{_EDITED_OBJECT}"
    rf"|(?:this|the) {_EDITING_PARTICIPLE} (?:version|reasoning|rewrite|trace|text)\b)",
    re.IGNORECASE,
)
_MAX_CLOSING_LINES = 3


@register_check("no-preamble")
def no_preamble(draft: Draft) -> str | None:
    """Fails where the rewrite introduces itself, comments on itself or refuses, and the original does not."""
    lines = [line.strip() for line in draft.text.splitlines() if line.strip()]
    if not lines:
        return None
    head = "\n".join(lines[:2])[:400] + "\n"
    first, original = lines[0], draft.trace.reasoning
    if _PREAMBLE.match(head) and first not in original:
        return f'It begins with words about itself: "{_truncate(first)}".'
    for line in lines[-_MAX_CLOSING_LINES:]:
        last = re.split(r"(?<=[.!?])\s+", line)[-1]
        remark = next((text for text in (line, last) if _CLOSING_REMARK.match(text)), None)
        if remark and remark not in original:
            return f'It ends with words about itself: "{_truncate(remark)}".'
    return None


def _truncate(line: str) -> str:
    return line if len(line) <= 60 else f"{line[:60]}…"


_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[^\n`]*$", re.MULTILINE)
_PROSE_FENCE = re.compile(
    r"\s*(?:`{3,}|~{3,})[ \t]*(?:markdown|md|text|txt|plaintext|latex|tex)[ \t]*\n", re.IGNORECASE
)


@register_check("no-fence")
def no_fence(draft: Draft) -> str | None:
    """Fails where a code fence stands around the whole rewrite and not around the original."""
    if _is_fenced(draft.text) and not _is_fenced(draft.trace.reasoning):
        return "A code fence stands around the whole of it."
    return None


def _is_fenced(text: str) -> bool:
    text = text.strip()
    if not text.startswith(("```", "~~~")):
        return False
    fences = [match.span() for match in _FENCE.finditer(text)]
    if len(fences) < 2 or fences[0][0] != 0 or fences[-1][1] != len(text):
        return False
    return len(fences) == 2 or _PROSE_FENCE.match(text) is not None


_PROMPT_TAG = re.compile(
    r"</?[\w.-]*(?:question|reasoning|answer|think|thinking|thoughts?|rewrite|rewritten|solution|system|assistant)>"
    r"|<\|[\w ]{1,40}\|>|\[/?INST\]|<(?:start|end)_of_turn>",
    re.IGNORECASE,
)


@register_check("no-echo")
def no_echo(draft: Draft) -> str | None:
    """Fails where the rewrite has tags of the prompt, of thinking or of a chat template that the original has not."""
    original = draft.trace.reasoning
    tag = next((tag for tag in _PROMPT_TAG.findall(draft.text) if tag not in original), None)
    return f"It has the tag {tag}, which does not belong to the reasoning." if tag else None
