"""Training sets of any of the export formats, row by row, as conversations with a last word of the student's."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from cotpress.chat import ChatMessage
from cotpress.errors import InputError
from cotpress.export import EXPORT_FORMATS, ExportTurn
from cotpress.number_formatting import count_noun
from cotpress.pipeline.output import SFT_FILE, SHARD_FOLDERS, is_sharded
from cotpress.storage import compute_content_key
from cotpress.traces import MalformedRowError, RowData, TraceRow, describe_error, find_sources, reject_row
from cotpress.types import Rejected

MAX_REJECTED_CHARACTERS = 10_000  # characters of a rejected row that are kept


@dataclass(frozen=True, slots=True)
class TrainingExample:
    """One example: what the student reads, and the completion it is to write. `source` and `line` say whence."""

    prompt: tuple[ChatMessage, ...]
    completion: str
    source: str = ""
    line: int = 0
    id: str | None = None

    @property
    def key(self) -> str:
        """A content key of what is trained on."""
        return compute_content_key([[turn.role, turn.content] for turn in self.prompt], self.completion)

    def reject(self, reason: str, detail: str) -> Rejected:
        """The rejection of this example."""
        turns = [*self.prompt, ChatMessage("assistant", self.completion)]
        row = json.dumps({"messages": [asdict(turn) for turn in turns]}, ensure_ascii=False)
        return Rejected(reason, detail, self.source, self.line, self.id, row[:MAX_REJECTED_CHARACTERS])


def read_examples(inputs: Sequence[str | Path]) -> Iterator[TrainingExample | Rejected]:
    """Every row of the inputs, in order: an example, or a rejection with its source, line and reason.

    An input is a file that `cotpress compress` or `rewrite` wrote, its whole output folder, or any file, glob or
    hub dataset with rows in one of the export formats.

    Raises:
        InputError: something does not exist, cannot be read, or is an output that is not finished.
    """
    sources, _ = find_sources([_find_training_set(path) for path in inputs])
    for source in sources:
        for row in source.read_rows():
            try:
                yield _parse_example(row, source.name)
            except MalformedRowError as bad:
                name = None if isinstance(row.data, MalformedRowError) else _get_id(row.data)
                yield reject_row(row, bad, source.name, name)


def _find_training_set(path: str | Path) -> str | Path:
    """The training set of an output folder; anything else as it is."""
    folder = Path(path).expanduser()
    if (folder / SFT_FILE).is_file():
        return folder / SFT_FILE
    if is_sharded(folder):
        return folder / SHARD_FOLDERS[SFT_FILE]
    if (folder / ".parts").is_dir() or (folder / ".work").is_dir():
        raise InputError(f"The output {folder} is not finished.", "Run the command that writes it again.")
    return path


def _parse_example(row: TraceRow, source: str) -> TrainingExample:
    if isinstance(row.data, MalformedRowError):
        raise row.data
    *asked, last = _parse_conversation(row.data)
    if last.role != "assistant":
        raise MalformedRowError(
            "no-completion", f"The last turn is the {last.role}'s; the student has nothing to write."
        )
    if not last.content.strip():
        raise MalformedRowError("empty-completion", "The completion is empty.")
    if not any(turn.role == "user" and turn.content.strip() for turn in asked):
        raise MalformedRowError("empty-prompt", "No turn of the user comes before the completion, or it is empty.")
    return TrainingExample(tuple(asked), last.content, source, row.line, _get_id(row.data))


def _parse_conversation(data: RowData) -> list[ChatMessage]:
    readable = {name: known for name, known in EXPORT_FORMATS.items() if known.columns and known.read_turns}
    for known in readable.values():
        if known.read_turns and all(data.get(name) is not None for name in known.columns):
            turns = _read_turns(data, known.read_turns)
            if len(turns) < 2:
                raise MalformedRowError("no-completion", "There are not two turns to train on.")
            return turns
    wanted = "; ".join(f"{name}: {', '.join(known.columns)}" for name, known in readable.items())
    raise MalformedRowError(
        "unknown-columns", f"The columns {', '.join(map(str, data))} fit no training format ({wanted})."
    )


def _read_turns(data: RowData, read: Callable[[RowData], list[ExportTurn]]) -> list[ChatMessage]:
    try:
        return [ChatMessage(role, content) for role, content in read(data)]
    except ValueError as error:
        raise MalformedRowError("bad-turns", str(error)) from error
    except Exception as error:  # whatever the code of a plugin raises
        raise MalformedRowError("bad-turns", f"The format fails on this row ({describe_error(error)}).") from error


def _get_id(data: RowData) -> str | None:
    value = data.get("id")
    return None if value is None else str(value)


def make_no_examples_error(rejects: Sequence[Rejected]) -> InputError:
    """The error for inputs of which no example came: empty, or each one rejected."""
    if not rejects:
        return InputError("The training set is empty: there are no rows.", "Give a file with at least one example.")
    reason, count = Counter(rejected.reason for rejected in rejects).most_common(1)[0]
    first = next(rejected for rejected in rejects if rejected.reason == reason)
    if reason == "too-long":
        hint = "Give a higher --max-length, or traces of fewer tokens (cotpress compress --max-tokens)."
    else:
        hint = f"Give a file that cotpress compress or rewrite wrote, in one of: {', '.join(EXPORT_FORMATS)}."
    return InputError(
        f"Of {count_noun(len(rejects), 'row')} none can be trained on, {count} for '{reason}' "
        f"(line {first.line} of {first.source}: {first.detail})",
        hint,
    )
