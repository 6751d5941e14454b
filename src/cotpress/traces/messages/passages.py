"""A row as a sequence of passages, some of them reasoning: each of these is a trace, its context what came before."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from enum import Enum
from itertools import accumulate, groupby
from typing import Final, NamedTuple

from cotpress.traces.format_definition import RawTrace
from cotpress.traces.places import STEP_JOINER
from cotpress.traces.rows import MalformedRowError
from cotpress.types import TextPlace

MAX_CONTEXT_CHARACTERS: Final = 1 << 14  # of what came before a turn; of more, the beginning and the end are kept


class PassageKind(Enum):
    """What a passage is: text, reasoning, or something that a plain question or reply cannot hold, such as a call."""

    TEXT = "text"
    REASONING = "reasoning"
    OTHER = "other"


class Passage(NamedTuple):
    """A piece of a conversation: `role` is "system", "user", "assistant" or "tool", `message` its message's number.

    `places` is where the text stands in the row: of reasoning every copy, of other text where it is one text there.
    """

    role: str
    text: str
    kind: PassageKind = PassageKind.TEXT
    places: tuple[TextPlace, ...] = ()
    message: int = 0


def extract_traces(passages: Sequence[Passage], turns: str, structured: bool = False) -> list[RawTrace]:
    """The traces of a row: each reasoning, what came before as its question, the rest of its turn as its answer.

    Where nothing is marked as reasoning, the last reply is one, as a whole or by what its own text shows.

    Args:
        passages: the row's passages in order.
        turns: which are read; see `FieldNames`.
        structured: whether the row holds more than its passages say, such as a list of tools.

    Raises:
        MalformedRowError: "missing-field" where nobody asks or nobody replies, "empty-reasoning".

    >>> thought = Passage("assistant", "2+3=5.", PassageKind.REASONING)
    >>> row = [Passage("user", "2+3?"), thought, Passage("assistant", "5")]
    >>> [(trace.question, trace.reasoning, trace.text) for trace in extract_traces(row, "thinking")]
    [('2+3?', '2+3=5.', '5')]
    """
    replies = [at for at, passage in enumerate(passages) if passage.role == "assistant"]
    if not replies:
        raise MalformedRowError("missing-field", "No message is the assistant's.")
    marked = [at for at in replies if passages[at].kind is PassageKind.REASONING and passages[at].text]
    if turns == "all":
        marked = sorted({*marked, *_find_unmarked_replies(passages, marked)})
    if not marked and any(passage.kind is PassageKind.REASONING for passage in passages):
        raise MalformedRowError("empty-reasoning", "The reasoning is empty.")
    if not marked:
        marked = [_find_last_reply(passages, replies)]
    structured = structured or _is_structured(passages, marked)
    spoken = _Spoken(passages)
    return [_build_trace(passages, at, structured, spoken) for at in (marked[-1:] if turns == "last" else marked)]


class _Spoken:
    """What a question can be made of: all that is said and no reasoning, with the number of each passage."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        told = [at for at, passage in enumerate(passages) if passage.role == "system"]
        said = [at for at, passage in enumerate(passages) if passage.role != "system" and _is_shown(passage)]
        self._told, self._said = told, said
        self._system, self._turns = [passages[at].text for at in told], _Turns([passages[at] for at in said])
        self._first_asked = next((at for at, passage in enumerate(passages) if passage.role == "user"), len(passages))

    def get_before(self, at: int) -> tuple[str, str]:
        """(the system prompt, the question) before passage `at`.

        Raises:
            MalformedRowError: "missing-field": nobody asked.
        """
        if self._first_asked >= at:
            raise MalformedRowError("missing-field", "No message of the user's comes before the assistant's last one.")
        system = "\n\n".join(self._system[: bisect_left(self._told, at)])
        return system, self._turns.format_first(bisect_left(self._said, at))


def _is_shown(passage: Passage) -> bool:
    return passage.kind is not PassageKind.REASONING and bool(passage.text)


def _find_unmarked_replies(passages: Sequence[Passage], marked: Sequence[int]) -> list[int]:
    """The last text of each reply without reasoning."""
    number = _number_turns(passages)
    thinking = {number[at] for at in marked}
    last: dict[int, int] = {}
    for at, (passage, turn) in enumerate(zip(passages, number, strict=True)):
        is_reply = passage.role == "assistant" and passage.kind is PassageKind.TEXT and passage.text.strip()
        if is_reply and passage.places and turn not in thinking:
            last[turn] = at
    return list(last.values())


def _number_turns(passages: Sequence[Passage]) -> list[int]:
    """For each passage how many of others than the assistant came before: the same for all of one turn."""
    return list(accumulate((passage.role != "assistant" for passage in passages[:-1]), initial=0))


def _find_last_reply(passages: Sequence[Passage], replies: Sequence[int]) -> int:
    """The last reply's last text; the last reply of any kind where none is text."""
    texts = [at for at in replies if passages[at].kind is PassageKind.TEXT]
    number = _number_turns(passages)
    return next((at for at in reversed(texts) if number[at] == number[replies[-1]]), replies[-1])


def _is_structured(passages: Sequence[Passage], marked: Sequence[int]) -> bool:
    said = [passage for passage in passages if passage.role != "system" and passage.kind is not PassageKind.REASONING]
    speakers = [role for role, _ in groupby(passage.role for passage in said)]
    before = passages[: marked[0]]
    return (
        len(marked) > 1
        or any(passage.role == "assistant" and passage.kind is PassageKind.TEXT and passage.text for passage in before)
        or any(passage.kind is PassageKind.OTHER for passage in passages)
        or speakers not in (["user"], ["user", "assistant"], ["assistant"], [])
    )


def _build_trace(passages: Sequence[Passage], at: int, structured: bool, spoken: _Spoken) -> RawTrace:
    system, question = spoken.get_before(at)
    thought = passages[at]
    if thought.kind is not PassageKind.REASONING:
        return RawTrace(question, thought.text, None, system=system, places=thought.places, structured=structured)
    following = []
    for passage in map(passages.__getitem__, range(at + 1, len(passages))):
        if passage.role != "assistant" or (passage.kind is PassageKind.REASONING and passage.text):
            break
        following.append(passage.text)
    answer = "\n".join(text for text in following if text.strip())
    return RawTrace(
        question, answer, thought.text, system=system, places=thought.places, settled=True, structured=structured
    )


def format_question(before: Sequence[Passage]) -> str:
    """One turn as it is; several with the name of who speaks, earlier reasoning left out as chat templates do.

    >>> format_question([Passage("user", "Hi"), Passage("assistant", "Hello", message=1), Passage("user", "2+3?")])
    'User: Hi\\n\\nAssistant: Hello\\n\\nUser: 2+3?'
    """
    shown = [passage for passage in before if _is_shown(passage)]
    return _Turns(shown).format_first(len(shown))


class _Turns:
    """What is said, laid out once: the text before any of the passages is a beginning of it. Time is linear in a row,
    for each question in what is shown of it."""

    def __init__(self, shown: Sequence[Passage]) -> None:
        self._shown = shown
        keys = [(passage.message, passage.role) for passage in shown]
        starts = [at == 0 or keys[at] != keys[at - 1] for at in range(len(keys))]
        leads = [_format_lead(at, passage, starts[at]) for at, passage in enumerate(shown)]
        pieces = [lead + passage.text for lead, passage in zip(leads, shown, strict=True)]
        self._text = "".join(pieces)
        self._ends = list(accumulate(map(len, pieces), initial=0))
        self._sizes = list(accumulate((len(passage.text) for passage in shown), initial=0))
        self._turns = list(accumulate(starts, initial=0))
        half = MAX_CONTEXT_CHARACTERS // 2
        self._head = min(bisect_left(self._sizes, half), len(shown))  # passages that are half of what is shown
        self._beginning = _format_turns(shown[: self._head])[:half]

    def format_first(self, count: int) -> str:
        """The first `count` passages as a question; of a long one the beginning and the end."""
        half, end = MAX_CONTEXT_CHARACTERS // 2, self._ends[count]
        apart = self._head + 1 < count and self._sizes[count] - self._sizes[self._head + 1] >= half
        if self._turns[count] <= 1 and not apart:
            return "\n".join(passage.text for passage in self._shown[:count])
        alone = self._shown[0].message == self._shown[count - 1].message
        if not apart and (end <= MAX_CONTEXT_CHARACTERS or alone):
            return self._text[:end]
        return f"{self._beginning if apart else self._text[:half]}\n\n[...]\n\n{self._text[end - half : end]}"


def _format_lead(at: int, passage: Passage, starts: bool) -> str:
    """What stands before a passage: who speaks, where another turn begins."""
    if not starts:
        return "\n"
    return f"{STEP_JOINER if at else ''}{passage.role.capitalize()}: "


def _format_turns(shown: Sequence[Passage]) -> str:
    turns = [
        (role, "\n".join(passage.text for passage in said))
        for (_, role), said in groupby(shown, key=lambda passage: (passage.message, passage.role))
    ]
    if len(turns) == 1:
        return turns[0][1]
    return "\n\n".join(f"{role.capitalize()}: {said}" for role, said in turns)
