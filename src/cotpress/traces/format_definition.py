"""What a format is, and what all formats share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from cotpress.errors import OptionError, build_unknown_name_error
from cotpress.traces.rows import MalformedRowError, RowData
from cotpress.traces.think_tags import THINK_TAG_PAIRS, TagPair, ThinkTagPairs
from cotpress.types import TextPlace

RowSample: TypeAlias = Sequence[RowData]
TURN_CHOICES = ("thinking", "last", "all")

QUESTION_FIELDS = ("question", "problem", "prompt", "query", "instruction", "input")
REASONING_FIELDS = (
    "thinking", "reasoning_content", "reasoning", "thinking_content", "thought", "thoughts",
    "cot", "complex_cot", "chain_of_thought", "rationale", "think",
)  # fmt: skip
REPLY_FIELDS = ("content", "response", "output", "completion", "reply")
SOLUTION_FIELDS = ("solution", "generation", "generated_solution", "explanation", "response", "output", "completion")
MESSAGE_FIELDS = ("messages", "dialog", "dialogue", "chat", "turns")
CONVERSATION_FIELDS = ("conversations", "conversation")
GOLD_FIELDS = (
    "gold_answer", "gold", "ground_truth", "reference_answer", "expected_answer", "correct_answer",
    "final_answer", "answer", "target", "label", "answerkey", "answer_key", "ground_truth_answer",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FieldNames:
    """The fields that the user named, and how their texts are read; None means: recognise it.

    "a.b.0" names a field inside objects and lists. `id` may be "auto": number the rows. `rows` is the list inside a
    file's object whose elements are the rows. `think_tags` is a pair of tags that marks reasoning, beside those known.
    `turns` says which reasoning of a conversation is read: "thinking", what is marked as such, or the last reply as a
    whole where no row marks any; "last", the last of it; "all", every reply, as a whole where nothing is marked.

    Raises:
        OptionError: on construction, for a name that is no text, tags that are no pair, or unknown turns.

    >>> FieldNames(reasoning="cot", id="auto").to_flags()
    {'reasoning': 'cot'}
    """

    question: str | None = None
    reasoning: str | None = None
    answer: str | None = None
    gold: str | None = None
    id: str | None = None
    rows: str | None = None
    think_tags: TagPair | None = None
    turns: str = "thinking"

    def __post_init__(self) -> None:
        if self.turns not in TURN_CHOICES:
            raise build_unknown_name_error("choice of turns", self.turns, TURN_CHOICES)
        if self.think_tags is not None:
            object.__setattr__(self, "think_tags", tuple(self.think_tags))
            if len(self.think_tags) != 2 or not all(self.think_tags) or self.think_tags[0] == self.think_tags[1]:
                raise OptionError("The think tags are no pair.", "Give an opening and a closing tag: OPEN,CLOSE.")
        for name, field in self._list_fields().items():
            if field is not None and not isinstance(field, str):
                kind = type(field).__name__
                raise OptionError(
                    f"FieldNames({name}=...) must name a field; it is of type {kind}.",
                    "Give its name as a str.",
                )

    def to_flags(self) -> dict[str, str]:
        """Flag -> field, for those that the user named."""
        return {name: field for name, field in self._list_fields().items() if field and (name, field) != ("id", "auto")}

    @property
    def tag_pairs(self) -> ThinkTagPairs:
        """The think tags that are known, the user's own first."""
        return THINK_TAG_PAIRS if self.think_tags is None else (self.think_tags, *THINK_TAG_PAIRS)

    def _list_fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("question", "reasoning", "answer", "gold", "id")}


class RawTrace(NamedTuple):
    """A row whose fields are known. `reasoning` is None where it must be found in `text`.

    With a `reasoning` of its own, `text` is what follows it. `gold` is the answer that closes the
    reasoning's own text: the two were then not kept apart by the source.

    `places` is where `reasoning`, or else `text`, begins in the row, with every copy; without it the row cannot be
    written again in its own shape. `settled` says that no think tags are to be looked for. `structured` says that the
    row holds more than a question, a reasoning and an answer, such as tool calls. `problem` is why this one of a row's
    traces cannot be used; the others can.
    """

    question: str
    text: str
    reasoning: str | None = None
    gold: str | None = None
    system: str = ""
    places: tuple[TextPlace, ...] = ()
    settled: bool = False
    structured: bool = False
    problem: MalformedRowError | None = None


@dataclass(frozen=True, slots=True)
class RowSchema:
    """How the rows of one file are read.

    `extract` gives the trace of a row, or all of them where a row may have several. `roles` says in words which field
    is what. `used_fields` are fields that cannot be the gold answer.
    `requires_marked_reasoning`: every row must bring its reasoning apart or in think tags (None: as most rows do).
    `gold` says in words where the text itself states the gold answer. `notes` are told to people who look at the file.
    """

    extract: Callable[[RowData], RawTrace | Sequence[RawTrace]]
    roles: str
    used_fields: frozenset[str]
    requires_marked_reasoning: bool | None = None
    has_question: bool = True
    gold: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TraceFormat:
    """A known layout of the rows of a file.

    Args:
        name: what it is called in messages, in `summary.json` and in `read(format=...)`.
        description: one line for people.
        example: a row of this layout; the contract tests read it.
        recognise: gets the first rows of a file and the fields that the user named, and says how the rows are read;
            None where they are of another layout. It raises `AmbiguousFieldsError` where the rows could be read in
            more than one way.
        rank: layouts are tried from the lowest rank to the highest, and the first that fits is taken. Give a layout
            a lower rank than those that would also take its rows. The layouts that come with cotpress have 10 to
            100, so that one without a rank comes before all of them.
    """

    name: str
    description: str
    example: RowData
    recognise: Callable[[RowSample, FieldNames], RowSchema | None]
    rank: int = 0


class AmbiguousFieldsError(Exception):
    """Rows that can be read in more than one way, or in none: what is wrong, and the flags to give."""

    def __init__(self, problem: str, flags: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.flags = flags


def find_columns(sample: RowSample, names: Iterable[str], kind: type | tuple[type, ...] = str) -> list[str]:
    """The sample's own spelling of those `names` that at least half of its rows hold as `kind`.

    >>> find_columns([{"Question": "2+3?", "cot": "2+3=5."}], ["question", "answer"])
    ['Question']
    """
    spelled = {name.lower(): name for row in sample for name in row}
    return [spelled[name] for name in names if name in spelled and is_mostly(sample, spelled[name], kind)]


def is_mostly(sample: RowSample, field: str, kind: type | tuple[type, ...]) -> bool:
    """Whether at least half of the rows have a `kind` in the field."""
    return 2 * sum(isinstance(row.get(field), kind) for row in sample) >= len(sample)


def format_roles(**roles: str | None) -> str:
    """The roles of fields in one line, those that no field has left out.

    >>> format_roles(question="problem", reasoning="solution", answer=None)
    'question=problem, reasoning=solution'
    """
    return ", ".join(f"{role}={field}" for role, field in roles.items() if field)
