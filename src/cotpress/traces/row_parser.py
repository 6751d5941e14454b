"""How the rows of one file become traces: its shape, the gold answer's field, the id's field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cotpress.traces.copies import drop_repeated, find_copies, find_marked_texts
from cotpress.traces.difficulty import read_difficulty
from cotpress.traces.extraction import (
    check_finished,
    get_optional_text,
    get_scalar,
    get_text,
    split_answer_sentence,
    split_hash_mark,
    strip_span,
)
from cotpress.traces.fields.field_detection import get_question_text
from cotpress.traces.fields.gold_fields import find_gold_field, read_gold
from cotpress.traces.fields.question_options import (
    add_options,
    counts_options,
    find_label,
    find_option_columns,
    find_options_field,
)
from cotpress.traces.format_definition import FieldNames, RawTrace, RowSample, RowSchema
from cotpress.traces.messages.object_replies import find_both
from cotpress.traces.messages.passages import Passage, extract_traces
from cotpress.traces.messages.react_text import is_react
from cotpress.traces.messages.rendered_chats import find_last_tokens
from cotpress.traces.messages.reply_text import split_reply
from cotpress.traces.rows import MalformedRowError, RowData, TraceRow, describe_error, reject_row
from cotpress.traces.think_tags import ThinkTagPairs, find_thought, find_thoughts, has_think_tags
from cotpress.types import Rejected, Span, TextPlace, Trace, TraceOrigin


@dataclass(frozen=True, slots=True)
class RowParser:
    """Row -> traces for one file of that name. `requires_marked_reasoning`: a row without reasoning of its own or think
    tags is refused. `options_field` holds the options of the question, or `option_columns` hold one each, by label;
    `counts_options` says that the gold answer is the number of one, from 0."""

    schema: RowSchema
    fields: FieldNames
    requires_marked_reasoning: bool
    gold_field: str | None
    get_id: Callable[[RowData, int], str]
    source: str = ""
    options_field: str | None = None
    counts_options: bool = False
    option_columns: Mapping[str, str] = field(default_factory=dict)

    def parse(self, data: RowData, line: int) -> list[Trace | Rejected]:
        """The traces in a row, at least one; those of a conversation have the row's id and their number.

        Where one of several replies cannot be used, its rejection comes first.

        Raises:
            MalformedRowError: there is no trace, and why.
        """
        check_finished(data)
        found = [part for raw in _extract(self.schema, data) for part in self._split_blocks(raw)]
        row_id = self.get_id(data, line)
        ids = [row_id if len(found) == 1 else f"{row_id}#{number}" for number in range(1, len(found) + 1)]
        good = [(trace_id, raw) for trace_id, raw in zip(ids, found, strict=True) if raw.problem is None]
        rejected: list[Trace | Rejected] = [
            self._reject(data, line, trace_id, raw.problem, row_id if len(good) > 1 else None)
            for trace_id, raw in zip(ids, found, strict=True)
            if raw.problem is not None
        ]
        return [*rejected, *self._build_traces(data, line, row_id, good)]

    def _reject(
        self, data: RowData, line: int, trace_id: str, problem: MalformedRowError, conversation: str | None
    ) -> Rejected:
        return replace(reject_row(TraceRow(line, data), problem, self.source, trace_id), conversation=conversation)

    def _build_traces(
        self, data: RowData, line: int, row_id: str, found: Sequence[tuple[str, RawTrace]]
    ) -> Iterator[Trace]:
        split = [self._split(raw) for _, raw in found]
        marked = find_marked_texts(data, self.fields.tag_pairs)
        all_places = find_copies([(reasoning, answer, places) for reasoning, answer, _, places in split], marked)
        alternative = _are_alternatives([raw for _, raw in found])
        for turn, ((trace_id, raw), (reasoning, answer, tagged, _), places) in enumerate(
            zip(found, split, all_places, strict=True), 1
        ):
            several = len(found) > 1 and not alternative
            origin = TraceOrigin(
                self.source,
                line,
                row_id,
                data,
                places,
                turn,
                len(found),
                raw.structured or bool(data.get("tools")) or several,
                alternative,
            )
            concludes = alternative or turn == len(found)
            yield Trace(
                trace_id,
                self._find_question(raw, data, len(found) == 1),
                reasoning,
                self._find_named_answer(data, reasoning) if self.fields.answer else answer[: find_last_tokens(answer)],
                self._find_gold(raw, data) if concludes else None,
                raw.system or self._find_system(data),
                get_optional_text(data, "domain"),
                get_optional_text(data, "regime"),
                tagged or self.fields.answer is not None,
                difficulty=read_difficulty(data),
                origin=origin,
            )

    def _split_blocks(self, raw: RawTrace) -> Sequence[RawTrace]:
        """The traces of a text that thinks several times, or says something before; else the trace alone."""
        if raw.settled or raw.reasoning is not None or len(raw.places) != 1:
            return [raw]
        both = find_both(raw.text) is not None
        blocks = [] if both else find_thoughts(raw.text, self.fields.tag_pairs)
        if not both and not (
            is_react(raw.text) if not blocks else len(blocks) > 1 or raw.text[: blocks[0][1][0]].strip()
        ):
            return [raw]
        asked = [Passage("system", raw.system), Passage("user", raw.question)]
        said = split_reply(raw.text, raw.places[0].path, self.fields.tag_pairs)
        return extract_traces([*asked, *(passage._replace(message=1) for passage in said)], self.fields.turns)

    def _find_question(self, raw: RawTrace, data: RowData, only: bool) -> str:
        question = get_question_text(data, self.fields.question) if self.fields.question and only else raw.question
        if self.options_field:
            question = add_options(question, data.get(self.options_field))
        elif self.option_columns:
            told = {label: data.get(name) for label, name in self.option_columns.items()}
            question = add_options(question, {label: str(text) for label, text in told.items() if text is not None})
        if self.schema.has_question and not question.strip():
            raise MalformedRowError("empty-question", "The question is empty.")
        return question

    def _find_gold(self, raw: RawTrace, data: RowData) -> str | None:
        try:
            if self.fields.gold:
                return get_scalar(data, self.fields.gold)
            gold = read_gold(data, self.gold_field) if self.gold_field else raw.gold
            return (
                find_label(data.get(self.options_field), gold)
                if gold and self.options_field and self.counts_options
                else gold
            )
        except MalformedRowError as bad:
            if bad.reason != "missing-field":
                raise
            return None  # JSON writers leave a null out: the row is as good without

    def _find_named_answer(self, data: RowData, reasoning: str) -> str:
        """The text of the answer's field, without a copy of the reasoning in think tags."""
        return drop_repeated(get_text(data, self.fields.answer or ""), reasoning, self.fields.tag_pairs)

    def _find_system(self, data: RowData) -> str:
        names = (name for name in ("system", "system_prompt") if name not in self.schema.used_fields)
        return next((text for name in names if (text := get_optional_text(data, name))), "")

    def _split(self, raw: RawTrace) -> tuple[str, str, bool, tuple[TextPlace, ...]]:
        """(reasoning, the text after it, whether the source keeps them apart, where the reasoning stands)."""
        if raw.settled:
            reasoning, answer, tagged, places = raw.reasoning or "", raw.text, True, raw.places
        else:
            reasoning, answer, tagged, (start, end) = self._split_reasoning(raw)
            places = tuple(_narrow(place, start, end) for place in raw.places)
        if not reasoning:
            raise MalformedRowError("empty-reasoning", "The reasoning is empty.")
        return reasoning, answer, tagged, places

    def _split_reasoning(self, raw: RawTrace) -> tuple[str, str, bool, Span]:
        """(reasoning, the text after it, whether the source keeps them apart, where in its text it stands)."""
        pairs = self.fields.tag_pairs
        if raw.reasoning is not None and (self.requires_marked_reasoning or raw.reasoning.strip()):
            if raw.gold is None:
                return _merge_separate_reasoning(raw.reasoning, raw.text, pairs)
            span = strip_span(raw.reasoning, 0, len(raw.reasoning))
            return raw.reasoning[slice(*span)], raw.text, False, span
        found = find_thought(raw.text, pairs)
        if found is not None:
            span = strip_span(raw.text, *found[0])
            return raw.text[slice(*span)], raw.text[found[1] :].strip(), True, span
        if self.requires_marked_reasoning:
            detail = "There is no reasoning apart and no <think> tag, as most rows of this file have."
            raise MalformedRowError("missing-think", detail)
        # where the answer has a field of its own, the last line is reasoning like all others
        said = raw.text[: find_last_tokens(raw.text)]
        end, answer = (len(said), "") if self.fields.answer else _split_last_line(said)
        span = strip_span(raw.text, 0, end)
        return raw.text[slice(*span)], answer, False, span


def _are_alternatives(found: Sequence[RawTrace]) -> bool:
    """Whether traces of a row are several replies to one question; one that thinks on without a word is none."""
    if len(found) < 2 or len({(raw.system, raw.question) for raw in found}) > 1:
        return False
    return not any(raw.structured and not raw.text.strip() for raw in found[:-1])


def _narrow(place: TextPlace, start: int, end: int) -> TextPlace:
    if place.span is None:
        return place
    return TextPlace(place.path, (place.span[0] + start, place.span[0] + end))


def build_row_parser(
    sample: RowSample, shape: RowSchema, fields: FieldNames, row_id: Callable[[RowData, int], str], source: str = ""
) -> RowParser:
    """The recipe for rows like these."""
    thinks = (
        shape.requires_marked_reasoning
        if shape.requires_marked_reasoning is not None
        else _is_mostly_marked(sample, shape, fields.tag_pairs)
    )
    if fields.turns == "all":
        thinks = False  # replies without reasoning are asked for as well
    gold, options = find_gold_field(sample, shape, fields), find_options_field(sample, shape.used_fields)
    columns = {} if options else find_option_columns(sample, (*shape.used_fields, gold or ""))
    counts = not fields.gold and counts_options(sample, options, gold)
    return RowParser(shape, fields, thinks, gold, row_id, source, options, counts, columns)


def _is_mostly_marked(sample: RowSample, shape: RowSchema, pairs: ThinkTagPairs) -> bool:
    """Whether at least half of the rows mark their reasoning; then the others are not reasoning as a whole."""
    thinking = 0
    for data in sample:
        try:
            found = _extract(shape, data)
        except MalformedRowError:
            continue
        thinking += any(raw.settled or has_think_tags(raw.text, pairs) or bool(raw.reasoning) for raw in found)
    return bool(sample) and 2 * thinking >= len(sample)


def _extract(schema: RowSchema, data: RowData) -> Sequence[RawTrace]:
    """The traces of a row; whatever the code of a plugin raises is a rejection of that row alone."""
    try:
        found = schema.extract(data)
    except MalformedRowError:
        raise
    except Exception as error:
        raise MalformedRowError("format-error", f"The format fails on this row ({describe_error(error)}).") from error
    if isinstance(found, RawTrace):
        return [found]
    if not found:
        raise MalformedRowError("no-completion", "There is no reply in the row.")
    return found


def _split_last_line(text: str) -> tuple[int, str]:
    """(the end of the reasoning, the answer) of text whose last line states the answer and nothing else."""
    ending = split_hash_mark(text) or split_answer_sentence(text)
    alone = ending and ending[0] and text.rstrip().rpartition("\n")[2].strip() == ending[1].strip()
    return (len(ending[0]), ending[1]) if ending and alone else (len(text), "")


def _merge_separate_reasoning(reasoning: str, text: str, pairs: ThinkTagPairs) -> tuple[str, str, bool, Span]:
    """Reasoning with a field of its own. Think tags there are taken off; in the text they may only repeat it."""
    inner = find_thought(reasoning, pairs)
    span = strip_span(reasoning, *(inner[0] if inner else (0, len(reasoning))))
    inside, after = reasoning[slice(*span)], reasoning[inner[1] :].strip() if inner else ""
    reply = drop_repeated(text, inside, pairs)
    return inside, reply if after == reply.strip() else "\n\n".join(filter(None, (after, reply))), True, span
