"""The level "replace" by rules: a template is filled from the question and the claims."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from itertools import pairwise

from cotpress.answers import stated_answer, statement_span
from cotpress.rules.choosing import lighten, remaining
from cotpress.rules.edits import capital, open_end, shortenings, wording
from cotpress.rules.material import Material, Worth
from cotpress.rules.phrases import ANNOUNCES, ASKS, LIGHT, ORDERS
from cotpress.segment import segment

_DOING = (
    (re.compile(r"\d\s*\+\s*\$?\d|\bsum\b|\badd", re.I), "add"),
    (re.compile(r"\d\s*[-−]\s*\$?\d|\bsubtract|\bdifference\b", re.I), "subtract"),
    (re.compile(r"\d\s*[*×·]\s*\$?\d|\\times|\\cdot|\bmultipl|\bproduct\b", re.I), "multiply"),
    (re.compile(r"\d\s*[/÷]\s*\$?\d|\\frac|\bdivid|\bratio\b", re.I), "divide"),
    (re.compile(r"[a-z]\s*=|\bsolve", re.I), "solve"),
)
_MATH = ("Given", "Find", "Plan", "Work", "Answer")
_FIRST = 12  # sentences of a reasoning without a question in which the facts are looked for
_FORMULA = re.compile(r"[$\\=^]")
_LABEL = re.compile(r"[^\S\n]*\n\s*")


def replace(material: Material) -> str:
    """Fill the template of the trace's domain."""
    given, asked = _question(material)
    answer = _answer(material)
    math = len(material.headings) == len(_MATH)
    around = " ".join((*material.headings, asked, answer, given if math else ""))
    work = _work(material, Worth.PROSE if math else Worth.RECHECK, len(segment(around).kinds))
    if math:
        parts = [given or work[0], asked, _plan(work), _list(material, work), answer]
    else:
        inference = work[-1] if len(work) > 1 else f"So the answer is {open_end(answer)}."
        parts = [asked, _list(material, work[:-1] or work), inference, answer]
    gap = "\n\n" if material.cut.mode == "auto/paragraph" else "\n"
    return gap.join(
        f"{heading}: {part}".replace(": \n", ":\n", 1) for heading, part in zip(material.headings, parts, strict=True)
    )


def _question(material: Material) -> tuple[str, str]:
    """What is given and what is asked, in a few words: from the question, or from the first sentences of a reasoning
    that comes without one."""
    told = [one for one in _split(material.trace.question) if not ORDERS.search(one)]
    if not told:
        first = [one for one in _split(material.text)[:_FIRST] if not _chatty(one)]
        return _brief(first[:2]), _brief([_asked(first)]) or "What the reasoning arrives at."
    asked = _asked(told) or told[0]
    facts = [one for one in told if one != asked]
    return _brief([one for one in facts if not _chatty(one)] or facts), _brief([asked])


def _brief(sentences: Sequence[str]) -> str:
    """Sentences without their light words, in one line; those that hold formulas as they are."""
    return _line(" ".join(one if _FORMULA.search(one) else _telegram(one) for one in sentences))


def _telegram(sentence: str) -> str:
    words = [word for word in sentence.split() if word.lower() not in LIGHT] or sentence.split()
    return capital(" ".join(words))


def _asked(sentences: Sequence[str]) -> str:
    """The last sentence that asks."""
    marked = [one for one in sentences if one.rstrip().endswith("?")] or [one for one in sentences if ASKS.search(one)]
    return marked[-1] if marked else ""


def _work(material: Material, natural: Worth, around: int) -> list[str]:
    """The claims in order, each once, without the statement of the answer unless nothing else is there.

    `around` is how many units the rest of the template takes of a budget.
    """
    if material.ratio is not None:
        material = dataclasses.replace(material, ratio=max(0.0, material.ratio - around / len(material.cut.kinds)))
    changes = {number: shortenings(material, one) for number, one in enumerate(material.sentences)}
    kept, units = remaining(material, changes, natural, lambda _, one: one.worth < Worth.CLAIM)
    lighten(material, changes, kept, units)
    texts = wording(material, kept, changes)
    claims = [_line(texts[number]) for number in kept if _works(material.sentences[number].worth, texts[number])]
    claims = [one for one in claims if not _heads(one, material.headings)]
    return list(dict.fromkeys(claims)) or [_line(text) for text in texts.values() if text] or [_answer(material)]


def _works(worth: Worth, text: str) -> bool:
    """Whether a sentence is part of the work: a question is not, nor one that only states the answer."""
    return bool(text) and not text.endswith("?") and (worth < Worth.ANSWER or "=" in text)


def _heads(claim: str, headings: Sequence[str]) -> bool:
    """Whether a claim looks like a heading of the template."""
    return claim.strip("*# \t").startswith(tuple(f"{heading}:" for heading in headings))


def _list(material: Material, claims: Sequence[str]) -> str:
    """Claims one a line in a paragraph of their own, or in one line where lines are steps."""
    if material.cut.mode == "auto/paragraph":
        return "\n".join(["", *claims]) if len(claims) > 1 else claims[0]
    return "; ".join(map(open_end, claims)) + "."


def _plan(work: Sequence[str]) -> str:
    """The kinds of steps, in the order in which they first come."""
    first = {
        word: at for at, claim in reversed([*enumerate(work)]) for pattern, word in _DOING if pattern.search(claim)
    }
    words = sorted(first, key=lambda word: first[word])
    return capital(", then ".join(words) or "reason from what is given") + "."


def _answer(material: Material) -> str:
    """The final answer as stated; the last claim where none is."""
    stated = stated_answer(material.text) or stated_answer(material.trace.answer)
    if stated and stated_answer(f"Answer: {stated}") is not None:
        return _line(stated)
    span = statement_span(material.text)
    return _line(material.text[slice(*span)] if span else _split(material.text)[-1])


def _split(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in pairwise(segment(text, "sentence").steps.tolist())]


def _chatty(sentence: str) -> bool:
    return ANNOUNCES.match(sentence) is not None or not re.search(r"\d|=|\\", sentence)


def _line(text: str) -> str:
    """The text in one line, unless it holds code or a display."""
    return text if "```" in text or "\\begin" in text else _LABEL.sub(" ", text).strip()
