"""What a clause says beside its words: whether it denies, compares, hedges or asks; and which clauses say the same.

A rewrite's clause is held against those of the original that have most of its words. It passes where one of them
agrees with it, so that a rewrite is only faulted for what no clause of the original says.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cotpress.rewriting.checks.draft import Draft
from cotpress.text import segment
from cotpress.text.markers import NEGATIONS, STOPWORDS
from cotpress.text.steps.step_shapes import find_number_list_ends

MIN_SHARED = 0.75  # share of a rewrite's clause that an original clause must have for the two to say the same
MIN_STEMS = 2  # content words and numbers; a shorter clause says too little to be held against another
MAX_SEEDS = 400  # clauses that share the rarest word of a clause; one that more share is not looked for
MAX_HOLDERS = 40  # clauses that share a word; a word that more of them share tells none from the others
_SCOPE_WORDS = 4  # words after a negation or a comparison, among which the first content word is the one it governs
_STEM_LENGTH = 5
_JOINT = re.compile(r", (?:and|but|so|or) ")
_MAX_MARKS = 8  # characters at the end of a sentence, among which its question mark is looked for
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)?|\\(?:neq?|not|leq?|geq?|lt|gt)\b|(?<![-<>=])[<>](?![<>])|[≤≥≠]"
)
_CALCULATOR_MARK = re.compile(r"<<[^<>\n]{0,200}>>")
_SIGN_WORDS = {"≠": "not", "\\ne": "not", "\\neq": "not", "\\not": "not", "\\le": "≤", "\\leq": "≤", "\\ge": "≥"}
_SIGN_WORDS |= {"\\geq": "≥", "\\lt": "<", "\\gt": ">"}
_DENYING = NEGATIONS - {"only"} | {"impossible", "isn't", "nobody", "nothing", "neither", "cannot", "hardly"}

_COMPARING = {
    "more": "more greater larger bigger higher longer taller older heavier faster exceeds exceed over above > \\gt",
    "less": "less fewer smaller lower shorter younger lighter slower under below <",
    "most": "most maximum largest greatest highest max biggest longest maximal maximise maximize latest oldest",
    "least": "least minimum smallest lowest fewest min shortest minimal minimise minimize earliest youngest",
    "before": "before earlier prior",
    "after": "after later",
    "up": "increase increases increased increasing rises rose grows grew",
    "down": "decrease decreases decreased decreasing falls fell shrinks shrank",
    "≥": "≥ atleast",
    "≤": "≤ atmost",
    "only": "only",
    "all": "all every",
    "some": "some",
    "almost": "almost nearly",
}
_DIRECTIONS = {word: direction for direction, words in _COMPARING.items() for word in words.split()}
_BOUNDS = re.compile(
    r"\b(?:(?P<least>at least|no (?:less|fewer) than)|(?P<most>at most|no more than|up to))\b", re.IGNORECASE
)
_HEDGES = re.compile(
    r"\b(?:perhaps|maybe|might|probably|possibly|likely|presumably|apparently|seems?"
    r"|appears?(?= (?:to|that|as))|supposedly"
    r"|(?:could|may) (?:also |still |well )?(?:be|have)|i (?:think|believe|guess|suppose|assume)|not sure|unsure|if"
    r"|suppose|assume|assuming|whether|wonder|hypothetically)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ClauseMeaning:
    """A clause with what it says.

    Args:
        text: as it stands.
        stems: its content words and numbers, each cut to a stem.
        denied: the stems that a negation governs.
        compared: (direction, stem that it governs) of each comparison.
        is_unsure: whether it hedges, supposes or asks.
    """

    text: str
    stems: frozenset[str]
    denied: frozenset[str]
    compared: frozenset[tuple[str, str]]
    is_unsure: bool


@lru_cache(maxsize=1 << 13)
def read_clause(text: str, sentence_asks: bool = False) -> ClauseMeaning:
    """What one clause says.

    >>> sorted(read_clause("The sum is not greater than 12.").denied)
    ['great']
    """
    marked = _BOUNDS.sub(lambda match: "atleast" if match["least"] else "atmost", _CALCULATOR_MARK.sub("", text))
    words = [_SIGN_WORDS.get(word, word) for word in _TOKEN.findall(marked.lower().replace("’", "'"))]
    stems = [stem_word(word) for word in words]
    denied: set[str] = set()
    compared: set[tuple[str, str]] = set()
    for at, word in enumerate(words):
        if word in _DENYING or word.endswith("n't"):
            denied.update(_find_governed(words, stems, at))
        direction = _DIRECTIONS.get(word)
        if direction:
            compared.update((direction, stem) for stem in _find_governed(words, stems, at) or [""])
    content = frozenset(stem for word, stem in zip(words, stems, strict=True) if _is_content(word))
    unsure = sentence_asks or "?" in text or _HEDGES.search(text) is not None
    return ClauseMeaning(text, content, frozenset(denied), frozenset(compared), unsure)


def stem_word(word: str) -> str:
    """A word cut so that its forms are equal; numbers whole, without commas.

    >>> stem_word("multiplied") == stem_word("multiply"), stem_word("1,000")
    (True, '1000')
    """
    if word[0].isdigit():
        return word.replace(",", "").rstrip(".") if "." not in word else word.rstrip("0").rstrip(".")
    return word[:_STEM_LENGTH] if len(word) > _STEM_LENGTH else word.removesuffix("s") if len(word) > 3 else word


def _is_content(word: str) -> bool:
    return word not in STOPWORDS and word not in _DIRECTIONS and (word.isalnum() or "'" in word or word[0].isdigit())


def _find_governed(words: Sequence[str], stems: Sequence[str], at: int) -> list[str]:
    """The first content word after a place, in a list; none where there is none nearby."""
    for place in range(at + 1, min(at + 1 + _SCOPE_WORDS, len(words))):
        if _is_content(words[place]) or words[place] in _DIRECTIONS:
            return [stems[place]]
    return []


@lru_cache(maxsize=32)
def cut_text(text: str, mode: str) -> tuple[int, ...]:
    """The boundaries of the steps of a text by a step mode; () for one that is blank."""
    return tuple(sorted({*segment(text, mode).steps.tolist(), *find_number_list_ends(text)})) if text.strip() else ()


@lru_cache(maxsize=16)
def read_clauses(text: str, whole: bool = False) -> tuple[ClauseMeaning, ...]:
    """The clauses of a text, in order; with `whole`, after the clauses of each sentence the sentence itself."""
    clauses: list[ClauseMeaning] = []
    bounds = cut_text(text, "clause")
    for start, end in pairwise(cut_text(text, "sentence")):
        sentence = text[start:end].strip()
        asks = sentence[-_MAX_MARKS:].rstrip(" *_\"')").endswith("?")
        inner = _cut(bounds, start, end)
        clauses += [read_clause(text[a:b].strip(), asks) for a, b in pairwise([start, *inner, end])]
        if whole and inner:
            clauses.append(read_clause(sentence))
    return tuple(clauses)


def _cut(bounds: Sequence[int], start: int, end: int) -> Sequence[int]:
    """The boundaries strictly between two positions."""
    return bounds[bisect_right(bounds, start) : bisect_left(bounds, end)]


@lru_cache(maxsize=4)
def _index_stems(text: str) -> dict[str, tuple[int, ...]]:
    holders: dict[str, list[int]] = defaultdict(list)
    for at, clause in enumerate(read_clauses(text, whole=True)):
        for stem in clause.stems:
            holders[stem].append(at)
    return {stem: tuple(places) for stem, places in holders.items()}


def is_common(clause: ClauseMeaning, text: str) -> bool:
    """Whether even the rarest word of a clause is in so many clauses of a text that looking through them takes long."""
    holders = _index_stems(text)
    return min((len(holders.get(stem, ())) for stem in clause.stems), default=0) > MAX_SEEDS


def find_same_clauses(clause: ClauseMeaning, text: str) -> list[ClauseMeaning]:
    """The clauses of a text that have most of the content words of one clause. None where too many share its words."""
    holders, clauses = _index_stems(text), read_clauses(text, whole=True)
    stems = sorted(clause.stems, key=lambda stem: len(holders.get(stem, ())))
    if len(stems) < MIN_STEMS or is_common(clause, text):
        return []
    shared: dict[int, int] = defaultdict(int)
    wanted = MIN_SHARED * len(stems)
    for number, stem in enumerate(stems):
        places = holders.get(stem, ())
        if number > len(stems) - wanted or (len(places) > MAX_HOLDERS and number):  # one not met yet has too few
            for at in shared:
                shared[at] += stem in clauses[at].stems
        else:
            for at in places:
                shared[at] += 1
    return [clauses[at] for at, count in shared.items() if count >= wanted]


@dataclass(frozen=True, slots=True)
class ClausePair:
    """A rewrite's clause and one of the original that says the same.

    Args:
        original: the clause of the original.
        rewritten: the clause of the rewrite.
        around: the whole sentence of the rewrite.
        known: what the whole trace denies and compares, whatever clause does.
    """

    original: ClauseMeaning
    rewritten: ClauseMeaning
    around: ClauseMeaning
    known: ClauseMeaning


def find_contradicted(
    draft: Draft, agrees: Callable[[ClausePair], bool], cares: Callable[[ClauseMeaning], bool], least: int = MIN_STEMS
) -> str | None:
    """The first clause of a rewrite that says the same as clauses of the original, none of which agrees with it.

    Args:
        draft: the rewrite and its original.
        agrees: whether a pair of clauses agrees.
        cares: whether a clause has anything to agree on; where neither side does, nothing is compared.
        least: stems that a clause must have to be compared.
    """
    original, question = draft.trace.reasoning, draft.trace.question
    verbatim = {_strip_marks(clause.text) for clause in read_clauses(original)}
    sources = (original, question)
    for clause, sentence in _list_with_sentences(draft.text):
        if len(clause.stems) < least or _strip_marks(clause.text) in verbatim:
            continue
        same = [each for source in sources for each in find_same_clauses(clause, source)]
        if not same or is_common(clause, original) or not (cares(clause) or any(map(cares, same))):
            continue
        known = _collect_known(original, question)
        if not any(agrees(ClausePair(each, clause, sentence, known)) for each in same):
            return clause.text
    return None


def _list_with_sentences(text: str) -> Iterator[tuple[ClauseMeaning, ClauseMeaning]]:
    """Each clause with the sentence that it is in."""
    sentences = [text[start:end].strip() for start, end in pairwise(cut_text(text, "sentence"))]
    at = 0
    for clause in read_clauses(text):
        while at < len(sentences) and clause.text not in sentences[at]:
            at += 1
        here = sentences[at] if at < len(sentences) else clause.text
        around = clause if here == clause.text else read_clause(here)
        for line in clause.text.splitlines():
            for part in _split_joined(clause if line == clause.text else read_clause(line.strip(), "?" in line)):
                yield part, around


def _split_joined(clause: ClauseMeaning) -> list[ClauseMeaning]:
    """A clause that two sentences were joined to, as two clauses; else the clause."""
    texts = _JOINT.split(clause.text)
    parts = [read_clause(text, "?" in clause.text) for text in texts] if len(texts) > 1 else []
    return parts if parts and all(len(part.stems) > MIN_STEMS for part in parts) else [clause]


@lru_cache(maxsize=4)
def _collect_known(*sources: str) -> ClauseMeaning:
    """What the clauses of several texts deny and compare, taken together."""
    clauses = [clause for source in sources for clause in read_clauses(source, whole=True)]
    denied = frozenset(stem for clause in clauses for stem in clause.denied)
    compared = frozenset(pair for clause in clauses for pair in clause.compared)
    return ClauseMeaning("", frozenset(), denied, compared, False)


def _strip_marks(text: str) -> str:
    return text.strip(" \t\n.,;:!*_").casefold()
