"""Training sets of any of the export formats, row by row, as conversations with a last word of the student's."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cotpress.chat import Message
from cotpress.errors import InputError
from cotpress.export import FORMATS
from cotpress.output import FOLDERS, SFT, is_sharded
from cotpress.store import content_key
from cotpress.traces import Data, Malformed, Row, find, rejected
from cotpress.types import Rejected
from cotpress.wording import counted

_NAMES = {"human": "user", "gpt": "assistant"}
SHOWN = 10_000  # characters of a rejected row that are kept
ROLES = ("system", "user", "assistant")


@dataclass(frozen=True, slots=True)
class Example:
    """One example: what the student reads, and the completion it is to write. `source` and `line` say whence."""

    asked: tuple[Message, ...]
    completion: str
    source: str = ""
    line: int = 0
    id: str | None = None

    @property
    def key(self) -> str:
        """A content key of what is trained on."""
        return content_key([[one.role, one.content] for one in self.asked], self.completion)

    def rejected(self, reason: str, detail: str) -> Rejected:
        """The rejection of this example."""
        turns = [*self.asked, Message("assistant", self.completion)]
        row = json.dumps({"messages": [asdict(one) for one in turns]}, ensure_ascii=False)
        return Rejected(reason, detail, self.source, self.line, self.id, row[:SHOWN])


def read_examples(inputs: Sequence[str | Path]) -> Iterator[Example | Rejected]:
    """Every row of the inputs, in order: an example, or a rejection with its source, line and reason.

    An input is a file that `cotpress compress` or `rewrite` wrote, its whole output folder, or any file, glob or
    hub dataset with rows in one of the export formats.

    Raises:
        InputError: something does not exist, cannot be read, or is an output that is not finished.
    """
    sources, _ = find([_training_set(one) for one in inputs])
    for source in sources:
        for row in source.rows():
            try:
                yield _example(row, source.name)
            except Malformed as bad:
                name = None if isinstance(row.data, Malformed) else _id(row.data)
                yield rejected(row, bad, source.name, name)


def _training_set(given: str | Path) -> str | Path:
    """The training set of an output folder; anything else as it is."""
    folder = Path(given).expanduser()
    if (folder / SFT).is_file():
        return folder / SFT
    if is_sharded(folder):
        return folder / FOLDERS[SFT]
    if (folder / ".parts").is_dir() or (folder / ".work").is_dir():
        raise InputError(f"The output {folder} is not finished.", "Run the command that writes it again.")
    return given


def _example(row: Row, source: str) -> Example:
    if isinstance(row.data, Malformed):
        raise row.data
    *asked, last = _conversation(row.data)
    if last.role != "assistant":
        raise Malformed("no-completion", f"The last turn is the {last.role}'s; the student has nothing to write.")
    if not last.content.strip():
        raise Malformed("empty-completion", "The completion is empty.")
    if not any(one.role == "user" and one.content.strip() for one in asked):
        raise Malformed("empty-prompt", "No turn of the user comes before the completion, or it is empty.")
    return Example(tuple(asked), last.content, source, row.line, _id(row.data))


def _conversation(data: Data) -> list[Message]:
    for columns, read in READERS.values():
        if all(data.get(name) is not None for name in columns):
            turns = read(data)
            if len(turns) < 2:
                raise Malformed("no-completion", "There are not two turns to train on.")
            return turns
    wanted = "; ".join(f"{name}: {', '.join(columns)}" for name, (columns, _) in READERS.items())
    raise Malformed("unknown-columns", f"The columns {', '.join(map(str, data))} fit no training format ({wanted}).")


def _messages(data: Data) -> list[Message]:
    return _turns(data["messages"], "messages", "role", "content")


def _prompt_completion(data: Data) -> list[Message]:
    prompt, completion = data["prompt"], data["completion"]
    asked = [Message("user", prompt)] if isinstance(prompt, str) else _turns(prompt, "prompt", "role", "content")
    if isinstance(completion, str):
        return [*asked, Message("assistant", completion)]
    return [*asked, *_turns(completion, "completion", "role", "content")]


def _sharegpt(data: Data) -> list[Message]:
    return _turns(data["conversations"], "conversations", "from", "value")


def _alpaca(data: Data) -> list[Message]:
    system, asked, more, written = (_text(data, name) for name in ("system", "instruction", "input", "output"))
    turns = [Message("user", f"{asked}\n\n{more}" if more else asked), Message("assistant", written)]
    return [Message("system", system), *turns] if system else turns


# Beside `export.FORMATS`, the other way: the columns that tell a format, and how a row of it is read.
READERS: dict[str, tuple[tuple[str, ...], Callable[[Data], list[Message]]]] = {
    "messages": (("messages",), _messages),
    "prompt-completion": (("prompt", "completion"), _prompt_completion),
    "sharegpt": (("conversations",), _sharegpt),
    "alpaca": (("instruction", "output"), _alpaca),
}


def _turns(value: Any, column: str, who: str, what: str) -> list[Message]:
    if not isinstance(value, list | tuple):
        raise Malformed("bad-turns", f"'{column}' is no list of turns.")
    turns = []
    for number, turn in enumerate(value, 1):
        role = turn.get(who) if isinstance(turn, dict) else None
        content = turn.get(what) if isinstance(turn, dict) else None
        name = _NAMES.get(str(role), str(role))
        if name not in ROLES or not isinstance(content, str):
            raise Malformed("bad-turns", f"Turn {number} of '{column}' lacks a known '{who}' or a text in '{what}'.")
        turns.append(Message(name, content))
    return turns


def _text(data: Data, name: str) -> str:
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise Malformed("bad-turns", f"'{name}' is no text.")
    return value or ""


def _id(data: Data) -> str | None:
    value = data.get("id")
    return None if value is None else str(value)


def nothing_left(rejects: Sequence[Rejected]) -> InputError:
    """The error for inputs of which no example came: empty, or each one rejected."""
    if not rejects:
        return InputError("The training set is empty: there are no rows.", "Give a file with at least one example.")
    reason, count = Counter(one.reason for one in rejects).most_common(1)[0]
    first = next(one for one in rejects if one.reason == reason)
    return InputError(
        f"Of {counted(len(rejects), 'row')} none can be trained on, {count} for '{reason}' "
        f"(line {first.line} of {first.source}: {first.detail})",
        f"Give a file that cotpress compress or rewrite wrote, in one of: {', '.join(FORMATS)}.",
    )
