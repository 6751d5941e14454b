"""Words from nowhere: a plan or a claim of which the trace says nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from cotpress.rewriting.checks.clause_meaning import read_clauses, stem_word
from cotpress.rewriting.checks.draft import Draft
from cotpress.rewriting.checks.registry import register_check
from cotpress.text.languages import detect_language
from cotpress.text.markers import STOPWORDS

MIN_WORDS = 3  # content words of a clause that are needed to judge it
MIN_TEXT_WORDS = 4  # of a rewrite that is judged as a whole
MAX_NEW_SHARE = 0.6  # share of a clause's content words from which on too many are none of the trace's
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?")
# "a sport that involved relay races": what is said of something in passing is of the trace's own kind.
_APPOSITION = re.compile(r", (?:an?|the) (?:[a-z]{2,20} ){0,2}?([a-z]{4,20}) (?:that|which|who)\b")
_NAME = re.compile(
    r"(?<=[a-z,(] )(?P<inner>[A-Z][^\W\d_A-Z]{3,20})\b(?!\s*:|['’])"
    r"|(?:^|(?<=[.!?] ))(?P<first>[A-Z][^\W\d_A-Z]{3,20})(?= \(?[A-Z][a-z])",
    re.MULTILINE,
)
# What a writer may add to say what it does; no claim of its own.
_TOLD = frozenset(
    map(
        stem_word,
        [
            "add",
            "subtract",
            "multiply",
            "divide",
            "compute",
            "calculate",
            "find",
            "solve",
            "simplify",
            "substitute",
            "combine",
            "result",
            "total",
            "answer",
            "given",
            "work",
            "plan",
            "question",
            "evidence",
            "inference",
            "step",
            "equation",
            "value",
            "therefore",
            "gives",
            "equals",
            "sum",
            "difference",
            "product",
        ],
    )
)


@register_check("words-grounded")
def words_grounded(draft: Draft) -> str | None:
    """Fails where most content words of a clause occur neither in the question nor in the reasoning or its answer, or
    something is said to be, in passing, what they have no word for, or a name is from nowhere.

    A heading of the template before the clause does not count. Rewording is free: a clause has words of its own and
    words of the trace; one that has hardly any of the trace's says something else.
    """
    known = _collect_stems(draft.trace.question, draft.trace.reasoning, draft.trace.answer)
    for clause in read_clauses(draft.text):
        words = [stem for stem in clause.stems if stem.isalpha() and len(stem) > 2 and stem not in _TOLD]
        new = [stem for stem in words if stem not in known]
        if len(words) >= MIN_WORDS and len(new) >= MAX_NEW_SHARE * len(words):
            return f'The trace says nothing of this: "{clause.text[:80]}".'
    said = {stem for clause in read_clauses(draft.text) for stem in clause.stems if stem.isalpha()} - _TOLD
    if len(said) > 1 and len(draft.text.split()) >= MIN_TEXT_WORDS and len(said - known) >= MAX_NEW_SHARE * len(said):
        return f'The trace says nothing of this: "{draft.text.strip()[:80]}".'
    name = _find_new_name(draft.text, known) if detect_language(draft.trace.reasoning) == "en" else None
    if name:
        return f'The trace has no "{name}".'
    for found in _APPOSITION.finditer(draft.text):
        if stem_word(found[1]) not in known | _TOLD:
            return f'The trace says nothing of this: "{found[0][2:]}".'
    return None


def _find_new_name(text: str, known: frozenset[str]) -> str | None:
    """A word with a capital inside a sentence, or before another one, that the trace has not: "Fátima Rede Globo"."""
    for match in _NAME.finditer(text):
        name = str(match["inner"] or match["first"])
        if stem_word(name.lower()) not in known | _TOLD and name.lower() not in STOPWORDS:
            return name
    return None


@lru_cache(maxsize=4)
def _collect_stems(*sources: str) -> frozenset[str]:
    """The stems of all words of the texts."""
    return frozenset(stem_word(word.replace("’", "'")) for text in sources for word in _WORD.findall(text.lower()))
