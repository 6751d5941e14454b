"""The level "replace" by rules: a template is filled with what the trace has, and with nothing else."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from functools import partial, reduce
from itertools import pairwise

from cotpress.answers import extract_answer, find_statement_span, is_same_answer
from cotpress.rewriting.rules.content_selection import choose_content, is_reply
from cotpress.rewriting.rules.parsed_trace import ParsedTrace
from cotpress.rewriting.rules.phrase_patterns import PLAN, QUESTION_PHRASE, REPLY_INSTRUCTION
from cotpress.rewriting.rules.sentence_rules import begins_with_unknown_word, link_sentences
from cotpress.rewriting.rules.text_bonds import refers_back
from cotpress.rewriting.rules.text_changes import (
    apply_changes_to_sentences,
    capitalise_first,
    find_shortenings,
    strip_end_marks,
)
from cotpress.text import segment
from cotpress.text.steps.step_shapes import introduces

_MATH_HEADINGS = ("Given", "Find", "Plan", "Work", "Answer")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_LINE_BREAK = re.compile(r"(?<![^\S\n])[^\S\n]*+\n\s*")
# What is done with what is given, and is no part of it.
_WORKING = re.compile(
    r"\b(?:i|we) (?:can|could|need|should|will|might|must)\b|\A(?:try|find|figure out|determine|let)\b"
    r"|\b(?:multiply|divide|subtract|write|break(?:ing)?|comput\w+|calculat\w+)\b|\d\s*[-+*/×÷]\s*\d",
    re.IGNORECASE,
)
_BULLET = re.compile(r"\A(?:[-*•]|#{1,6})\s+(?=\S)")
_FINAL_HEADING = re.compile(r"[\s*#]*+(?:final )?answer[\s*#:]*+", re.IGNORECASE)
_CUT_QUESTION = re.compile(r"\b(?:such that|satisf(?:y|ies)|given by|where|if|that)\s*\Z", re.IGNORECASE)
_FIND = re.compile(
    r"(?:please )?(?:find|determine|compute|calculate) (?=(?:[^.?!]|[.](?=\$)){1,200}[.?!]?\Z)", re.IGNORECASE
)
_MAX_ANSWER_LINE = 80
_MAX_REMARK = 5  # words
_OPTION = re.compile(r"^[ \t]*+(?:[-*][ \t]++)?\(?[A-J][.):]\s", re.MULTILINE)
_INFERENCE = re.compile(r"(?:so|therefore|thus|hence|this means|that means|because|since)\b", re.IGNORECASE)
# What is to be found is no plan: "I need to find out how many litres are in the tank."
_ASKED = re.compile(r"\b(?:how (?:many|much|long|far|old)|who|what|which|whether)\b", re.IGNORECASE)
_RECHECK = re.compile(r"\b(?:double[- ]?check|check (?:again|if|that|this|my)|make sure|verify)\b", re.IGNORECASE)
_NO_PLAN = re.compile(r"\bstep[- ]by[- ]step\b|\bfigure (?:this|it|that) out\b", re.IGNORECASE)
_MAX_PLAN_SENTENCES = 12  # at the beginning of a reasoning, among which its plan is looked for
_PLAN_VERBS = re.compile(
    r"\b(?:find|compute|calculate|determine|solve|use|apply|express|write|simplify|compare|check|consider|figure out"
    r"|look at|break|substitute|count|identify|figure)\b",
    re.IGNORECASE,
)
CLAIMS_PER_SENTENCE = 3  # that a semicolon joins
MAX_QUESTION_SHARE = 0.2  # of the budget that the question may take


def replace(parsed: ParsedTrace) -> str:
    """Fill the template of the trace's domain; sections for which the trace has nothing are left out.

    "Work" (or "Evidence") and "Answer" always stand. The question comes only where it is a small part of the budget.
    Where the template would be longer than the reasoning, it is still given: the rewriter sees that and falls back.
    """
    text = _fill_template(parsed, _find_question(parsed))
    if parsed.max_units is None and _count(text) > parsed.unit_count:
        text = _fill_template(parsed, "")
    if parsed.max_units is None and _count(text) > parsed.unit_count:
        text = _fill_template(dataclasses.replace(parsed, max_units=parsed.unit_count), "")
    return text


def _fill_template(parsed: ParsedTrace, question: str) -> str:
    answer = _extract_answer(parsed)
    budget = parsed.max_units if parsed.max_units is not None else parsed.unit_count
    question = _fit(question, int(MAX_QUESTION_SHARE * budget))
    around = _count(answer) + _count(question) + 2 * (3 + bool(question))
    content = choose_content(parsed, find_shortenings, spared=around)
    texts = apply_changes_to_sentences(parsed, content.kept, content.changes)
    plan = _find_plan(parsed, content.kept)
    said = [at for at in content.kept if texts[at] and at not in plan and not _restates_question(parsed, at)]
    claims = _list_claims([_join_lines(texts[at]) for at in said])
    claims = _drop_open_end(_drop_statements(claims, answer, parsed.headings))
    claims = claims or [_join_lines(next(iter(texts.values())))]
    if len(parsed.headings) == len(_MATH_HEADINGS):
        given, claims = _split_given(parsed, claims)
        parts = [
            "".join([*map(_end_sentence, given[:-1]), *given[-1:]]),
            question,
            " ".join(_join_lines(texts[at]) for at in plan),
            _format_claims(parsed, claims),
            answer,
        ]
    else:
        inferred = len(claims) > 1 and _concludes(parsed, texts, claims[-1])
        evidence = claims[:-1] if inferred else claims
        parts = [question, _format_claims(parsed, evidence), claims[-1] if inferred else "", answer]
    gap = "\n\n" if parsed.segmentation.mode == "auto/paragraph" else "\n"
    sections = zip(parsed.headings, parts, strict=True)
    return gap.join(f"{heading}: {part}".replace(": \n", ":\n", 1) for heading, part in sections if part)


def _restates_question(parsed: ParsedTrace, at: int) -> bool:
    """Whether a sentence says what is to be found: "I need to find out how many litres are in the tank." """
    sentence = parsed.sentences[at]
    text = parsed.get_sentence_text(sentence)
    told = PLAN.match(text) and QUESTION_PHRASE.search(text) and _ASKED.search(text)
    return bool(told) and not sentence.states_answer and parsed.is_prose(sentence.start, sentence.end)


def _list_claims(texts: Sequence[str]) -> list[str]:
    """The sentences, each with the reply of a word or two that comes after it: "Is 7 prime? Yes." is one claim."""
    claims: list[str] = []
    for text in texts:
        if claims and is_reply(text):
            claims[-1] = f"{claims[-1]} {text}"
        else:
            claims.append(text)
    return claims


def _concludes(parsed: ParsedTrace, texts: Mapping[int, str], claim: str) -> bool:
    """Whether a claim is drawn from others, by how its sentence begins in the trace."""
    at = next((at for at, text in texts.items() if _join_lines(text) == claim), None)
    return at is not None and _INFERENCE.match(parsed.get_sentence_text(parsed.sentences[at])) is not None


def _split_given(parsed: ParsedTrace, claims: list[str]) -> tuple[list[str], list[str]]:
    """The first claims that repeat what the question gives, and the others, of which one at least is left."""
    known, count = set(_NUMBER.findall(parsed.trace.question)), 0
    given: dict[str, set[str]] = {}
    for claim in claims[:-1]:
        numbers = set(_NUMBER.findall(claim))
        works = PLAN.match(claim) or _WORKING.search(claim)
        if not numbers or not numbers <= known or "=" in claim or claim.endswith(("?", ":")) or works:
            break
        if not any(numbers <= others for others in given.values()):
            given[claim] = numbers  # else it says again what is given
        count += 1
    return list(given), claims[count:]


def _count(text: str) -> int:
    return len(segment(text).kinds) if text else 0


def _fit(text: str, units: int) -> str:
    """The text if it has at most so many units, else nothing."""
    return text if text and _count(text) <= units else ""


def _find_question(parsed: ParsedTrace) -> str:
    """The last sentence of the question that asks, as it stands; "" for none."""
    sentences = [
        sentence
        for sentence in _split_sentences(_OPTION.split(parsed.trace.question)[0])
        if not REPLY_INSTRUCTION.search(sentence) and not introduces(sentence) and not _CUT_QUESTION.search(sentence)
    ]
    asking = [sentence for sentence in sentences if sentence.rstrip().endswith("?")] or [
        sentence for sentence in sentences if QUESTION_PHRASE.match(sentence)
    ]
    question = _join_lines(asking[-1]) if asking else ""
    found = _FIND.match(question) if len(parsed.headings) == len(_MATH_HEADINGS) else None
    return question[found.end() :] if found else question  # the heading says it: "Find: $m + n$."


def _find_plan(parsed: ParsedTrace, kept: Sequence[int]) -> list[int]:
    """Of the kept sentences at the beginning, the first ones in a row that say what will be done, without a result."""
    plan: list[int] = []
    for at in kept[:_MAX_PLAN_SENTENCES]:
        sentence = parsed.sentences[at]
        text = parsed.get_sentence_text(sentence)
        told = PLAN.match(text) and _PLAN_VERBS.search(text) and text.endswith(".") and not sentence.states_answer
        told = told and not _ASKED.search(text) and not _RECHECK.search(text) and not _NO_PLAN.search(text)
        if told and parsed.is_prose(sentence.start, sentence.end):
            plan.append(at)
        elif plan:
            plan = [] if refers_back(text) else plan  # "To do that, I multiply": it goes on with the plan
            break
    return plan[:2]


def _drop_statements(claims: Sequence[str], answer: str, headings: Sequence[str]) -> list[str]:
    """The claims, each once, without those that are a heading, a question, or merely state the answer."""
    left = []
    for claim in dict.fromkeys(claims):
        stated = extract_answer(claim)
        merely = stated is not None and is_same_answer(stated, answer) and len(claim) < len(answer) + 40
        heading = claim.strip("*# \t").startswith(tuple(f"{heading}:" for heading in headings))
        final = _FINAL_HEADING.match(claim)
        heading |= final is not None and (stated is not None or final.end() == len(claim))
        merely |= strip_end_marks(claim).casefold() == strip_end_marks(answer).casefold()
        if not heading and not (merely and ("=" not in claim or len(claim) <= len(answer) + 1)):
            left.append(claim)
    return left


def _drop_open_end(claims: list[str]) -> list[str]:
    """The claims without what leads, at their end, to the answer that has a section of its own: "So m + n is:"."""
    while claims and (claims[-1].rstrip(" *").endswith((":", "：", "?")) or PLAN.fullmatch(claims[-1])):
        claims = claims[:-1]
    return claims


def _format_claims(parsed: ParsedTrace, claims: Sequence[str]) -> str:
    """Claims one a line in a paragraph of their own; where lines are steps, several in one sentence."""
    if parsed.segmentation.mode == "auto/paragraph":
        return "\n".join(["", *claims]) if len(claims) > 1 else claims[0]
    claims = [_BULLET.sub("", claim) for claim in claims]  # there is no list in one line
    pairs = [
        reduce(partial(_join_claims, parsed), claims[at : at + CLAIMS_PER_SENTENCE])
        for at in range(0, len(claims), CLAIMS_PER_SENTENCE)
    ]
    return capitalise_first("".join(map(_end_sentence, pairs[:-1])) + pairs[-1])


def _join_claims(parsed: ParsedTrace, one: str, other: str) -> str:
    """Two claims as one sentence, unless the second is drawn from what may be gone."""
    if one.endswith(".") and begins_with_unknown_word(other, parsed):
        return f"{one} {other}"  # nobody knows whether its capital is a name's
    return link_sentences(parsed, one, other, " ", follows=_INFERENCE.match(other) is None)


def _end_sentence(text: str) -> str:
    """The text with the mark that parts it from the next sentence, and a space."""
    if text.endswith(("。", "！", "？", "；")):
        return text
    ends = (text[-1].isalnum() or text[-1] in ")%") and not introduces(text)
    return f"{text}. " if ends else f"{text} "


def _extract_answer(parsed: ParsedTrace) -> str:
    """The final answer as stated; the last claim where none is."""
    stated = extract_answer(parsed.text) or extract_answer(parsed.trace.answer)
    whole = parsed.trace.answer.strip()
    if stated and whole.startswith(stated) and len(whole) <= _MAX_ANSWER_LINE and "\n" not in whole:
        stated = whole  # "RED, BLUE, GREEN", of which the reasoning's own statement gives the first word
    reply = extract_answer(parsed.trace.answer)
    if stated and reply and reply.startswith(f"{stated} ") and len(reply) <= _MAX_ANSWER_LINE:
        stated = reply  # "10 kilograms of lead", of which the reasoning's own statement gives the number
    if stated and extract_answer(f"Answer: {stated}") is not None:
        return _join_lines(stated)
    span = find_statement_span(parsed.text)
    if not span and whole and len(whole) <= _MAX_ANSWER_LINE and "\n" not in whole:
        return whole  # the last sentence says it less well, and may be "I think that is right."
    said = _join_lines(parsed.text[slice(*span)] if span else _find_last_claim(parsed))
    return re.sub(r"\A(?:so|thus|therefore|hence),?\s+", "", said, flags=re.IGNORECASE) or said


def _find_last_claim(parsed: ParsedTrace) -> str:
    """The last sentence; where that is a remark ("Will comply."), the last one of the step that is needed most."""
    last = _split_sentences(parsed.text)[-1]
    if len(last.split()) > _MAX_REMARK or any(map(str.isdigit, last)):
        return last
    chief = choose_content(parsed, find_shortenings).chief
    return parsed.get_sentence_text(parsed.sentences[chief])


def _split_sentences(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in pairwise(segment(text, "sentence").steps.tolist())]


def _join_lines(text: str) -> str:
    """The text in one line, unless it holds code or a display."""
    return text if "```" in text or "\\begin" in text else _LINE_BREAK.sub(" ", text).strip()
