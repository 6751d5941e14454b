"""The live table of a sweep: what is worked on, what ended, what comes next, in as many lines as a terminal has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from rich.text import Text

from cotpress.cli.columns import fitted, lines, packed
from cotpress.study import DONE, FAILED, STORED, WAITING, Board, Entry, Teach
from cotpress.wording import counted, duration

_NAMES, _HIDDEN, _CURSOR = 1, 1, 1  # lines besides the stage, the cells and the totals
_ORDER = (WAITING, FAILED, DONE, STORED)  # in a sentence, after what is done now
_STYLES = {WAITING: "dim", FAILED: "red", DONE: "green", STORED: "dim"}
_WAITING_SHARE = 3  # one line in so many is for cells that wait, where as many do
_COLUMNS = {  # by how many characters they are favoured where the terminal is narrow; None: they do not give way
    "condition": 0,
    "traces": 4,
    "keep": None,
    "student": -3,
    "seed": None,
    "state": None,
    "tokens": None,
    "cost": None,
    "": 6,
}


def draw(board: Board, width: int, height: int) -> Text:
    """At most `height - 1` lines of at most `width` characters; in a few lines the totals alone."""
    totals = [_one_line(line, width, "bold") for line in _totals(board, width)]
    room = height - len(totals) - _NAMES - _HIDDEN - _CURSOR - 1
    if room < 1:
        return Text("\n").join(totals[: max(1, height - _CURSOR)])
    shown = pick(board, room)
    hidden = board.states - shown_cells(shown)
    rest = [_one_line(f"… {', '.join(_counts(hidden))}", width, "dim")] if hidden else []
    return Text("\n").join(
        [_one_line(_stage(board, width), width, "bold"), *_table(board, shown, width), *rest, *totals]
    )


def pick(board: Board, room: int) -> list[Entry]:
    """What to show on so many lines: what is worked on, the latest that failed and that are done, the next that wait,
    what was found in the store. The latest failure is there whatever else is."""
    failed = list(islice((one for one in reversed(board.over) if one.state == FAILED), room))
    working = board.under_way()[: room - bool(failed)]
    room -= len(working)
    done = list(islice((one for one in reversed(board.over) if one.state == DONE), room))
    waiting = list(islice(board.untouched(WAITING), room))
    ended = room - min(len(waiting), room // _WAITING_SHARE)
    of_failed = min(len(failed), max(ended - len(done), (ended + 1) // 2))
    last = [*failed[:of_failed], *done[: ended - of_failed]]
    rest = [*waiting, *islice(board.untouched(STORED), room)]
    return [*working, *last, *rest[: room - len(last)]]


def shown_cells(shown: Iterable[Entry]) -> Counter[str]:
    """How many cells these entries stand for, by state."""
    found = Counter[str]()
    for entry in shown:
        found[entry.state] += entry.cells
    return found


def _table(board: Board, shown: list[Entry], width: int) -> list[Text]:
    names, *rows = lines([_row(entry, _counted(board)) for entry in shown], _COLUMNS, width)
    styles = (_STYLES.get(entry.state, "") for entry in shown)
    return [
        _one_line(names, width, "dim"),
        *(_one_line(row, width, style) for row, style in zip(rows, styles, strict=True)),
    ]


def _row(entry: Entry, what: str) -> dict[str, str]:
    """By the names of the columns."""
    job, spent = entry.job, entry.spent
    said = {"condition": job.condition, "traces": job.how, "state": entry.state, "": _note(entry, what)}
    said["keep"] = "" if job.keep is None else f"{job.keep:g}"
    if isinstance(job, Teach):
        said |= {"student": job.cell.student.rstrip("/").rpartition("/")[2], "seed": str(job.cell.seed)}
    if spent.tokens:
        said["tokens"] = f"{_short(spent.tokens - spent.written)}+{_short(spent.written)}"
    if entry.cost is not None:
        said["cost"] = f"${entry.cost:.2f}"
    return {name: _plain(words) for name, words in said.items()}


def _note(entry: Entry, what: str) -> str:
    """What came of it, how long it takes, and how many it is for where these are several."""
    many = f"for {counted(entry.cells, what)}" if entry.cells > 1 else ""
    if entry.error:
        return f"{many}: {entry.error}" if many else entry.error
    took = "" if entry.seconds is None else duration(entry.seconds)
    left = "" if entry.left is None else f"{duration(entry.left)} left"
    return ", ".join(part for part in (entry.spent.note, took, left, many) if part)


def _stage(board: Board, width: int) -> str:
    """What is done now, how far, in each condition where there is room for it."""
    far = board.headway
    whole = f"{far.stage}: {far.done.total():,}/{far.total.total():,}"
    parts = ", ".join(f"{name} {far.done[name]:,}/{total:,}" for name, total in far.total.items())
    longer = f"{whole} ({parts})"
    return longer if len(far.total) > 1 and len(longer) <= width else whole


def _totals(board: Board, width: int) -> list[str]:
    """Every cell, and how long the stage takes and what all of it took so far: one line where there is room."""
    far, left = board.headway, board.left
    first, *more = _counts(board.states) or ["nothing to do"]
    cells = [f"{counted(len(board.cells), _counted(board))}: {first}", *more]
    takes = [] if left is None else [f"about {duration(left)} left to {far.stage}"]
    takes += [counted(far.tokens, "token")] if far.tokens else []
    takes += [f"${far.cost:.2f}"] if far.cost else []
    whole = packed([*cells, *takes], width)
    return whole if len(whole) == 1 else [*packed(cells, width), *packed(takes, width)]


def _counted(board: Board) -> str:
    """What is counted: cells, or jobs where no student is trained, as a job shortens at every ratio at once."""
    return "cell" if any(isinstance(cell, Teach) for cell in board.cells[:1]) else "job"


def _counts(states: Counter[str]) -> list[str]:
    """How many in each state: "2 training", "231 waiting", "12 done"."""
    names = [name for name in states if name not in _ORDER] + [name for name in _ORDER if states[name]]
    return [f"{states[name]:,} {name}" for name in names]


def _short(tokens: int) -> str:
    """In two or three digits: 950, 8.4k, 84k, 1.2M."""
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if tokens >= size:
            return f"{tokens / size:.{0 if tokens >= 10 * size else 1}f}{unit}"
    return str(tokens)


def _plain(words: str) -> str:
    """Without line ends and what else would move a terminal's cursor."""
    return "".join(one if one.isprintable() else " " for one in " ".join(words.split()))


def _one_line(words: str, width: int, style: str) -> Text:
    return Text(fitted(words, width).rstrip(), style)
