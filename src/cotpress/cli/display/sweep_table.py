"""The live table of a sweep: what is worked on, what ended, what comes next, in as many lines as a terminal has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from rich.text import Text

from cotpress.cli.display.text_columns import fit_width, format_columns, pack_parts
from cotpress.number_formatting import count_noun, format_duration
from cotpress.study import DONE, FAILED, STORED, WAITING, JobStatus, SweepStatus, TrainJob, format_keep

_HEADER_LINES, _OMITTED_LINES, _CURSOR_LINES = 1, 1, 1  # lines besides the stage, the cells and the totals
_STATE_ORDER = (WAITING, FAILED, DONE, STORED)  # in a sentence, after what is done now
_STATE_STYLES = {WAITING: "dim", FAILED: "red", DONE: "green", STORED: "dim"}
_WAITING_SHARE = 3  # one line in so many is for cells that wait, where as many do
# By how many characters a column is favoured where the terminal is narrow; None: it keeps its width.
_COLUMN_PREFERENCES = {
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


def draw_table(board: SweepStatus, width: int, height: int) -> Text:
    """At most `height - 1` lines of at most `width` characters; in a few lines the totals alone."""
    totals = [_fit_line(line, width, "bold") for line in _format_totals(board, width)]
    room = height - len(totals) - _HEADER_LINES - _OMITTED_LINES - _CURSOR_LINES - 1
    if room < 1:
        return Text("\n").join(totals[: max(1, height - _CURSOR_LINES)])
    shown = pick_entries(board, room)
    hidden = board.state_counts - count_shown_cells(shown)
    rest = [_fit_line(f"… {', '.join(_format_counts(hidden))}", width, "dim")] if hidden else []
    return Text("\n").join(
        [_fit_line(_format_stage(board, width), width, "bold"), *_draw_entries(board, shown, width), *rest, *totals]
    )


def pick_entries(board: SweepStatus, room: int) -> list[JobStatus]:
    """What to show on so many lines: what is worked on, the latest that failed and that are done, the next that wait,
    what was found in the store. The latest failure is there whatever else is."""
    failed = list(islice((job for job in reversed(board.ended_jobs) if job.state == FAILED), room))
    working = board.list_running()[: room - bool(failed)]
    room -= len(working)
    done = list(islice((job for job in reversed(board.ended_jobs) if job.state == DONE), room))
    waiting = list(islice(board.find_cells(WAITING), room))
    ended = room - min(len(waiting), room // _WAITING_SHARE)
    of_failed = min(len(failed), max(ended - len(done), (ended + 1) // 2))
    last = [*failed[:of_failed], *done[: ended - of_failed]]
    rest = [*waiting, *islice(board.find_cells(STORED), room)]
    return [*working, *last, *rest[: room - len(last)]]


def count_shown_cells(shown: Iterable[JobStatus]) -> Counter[str]:
    """How many cells these entries stand for, by state."""
    counts = Counter[str]()
    for entry in shown:
        counts[entry.state] += entry.cell_count
    return counts


def _draw_entries(board: SweepStatus, shown: list[JobStatus], width: int) -> list[Text]:
    names, *rows = format_columns(
        [_build_row(entry, _choose_noun(board)) for entry in shown], _COLUMN_PREFERENCES, width
    )
    styles = (_STATE_STYLES.get(entry.state, "") for entry in shown)
    return [
        _fit_line(names, width, "dim"),
        *(_fit_line(row, width, style) for row, style in zip(rows, styles, strict=True)),
    ]


def _build_row(entry: JobStatus, what: str) -> dict[str, str]:
    """By the names of the columns."""
    job, spent = entry.job, entry.usage
    row = {"condition": job.condition, "traces": job.short_name, "state": entry.state, "": _format_note(entry, what)}
    row["keep"] = format_keep(job.keep)
    if isinstance(job, TrainJob):
        row |= {"student": job.cell.student.rstrip("/").rpartition("/")[2], "seed": str(job.cell.seed)}
    if spent.tokens:
        row["tokens"] = (
            f"{_abbreviate_tokens(spent.tokens - spent.written_tokens)}+{_abbreviate_tokens(spent.written_tokens)}"
        )
    if entry.cost is not None:
        row["cost"] = f"${entry.cost:.2f}"
    return {name: _remove_control_characters(words) for name, words in row.items()}


def _format_note(entry: JobStatus, what: str) -> str:
    """What came of it, how long it takes, and how many it is for where these are several."""
    many = f"for {count_noun(entry.cell_count, what)}" if entry.cell_count > 1 else ""
    if entry.error:
        return f"{many}: {entry.error}" if many else entry.error
    took = "" if entry.seconds is None else format_duration(entry.seconds)
    left = "" if entry.seconds_left is None else f"{format_duration(entry.seconds_left)} left"
    return ", ".join(part for part in (entry.usage.note, took, left, many) if part)


def _format_stage(board: SweepStatus, width: int) -> str:
    """What is done now, how far, in each condition where the line is long enough."""
    far = board.progress
    whole = f"{far.stage}: {far.done.total():,}/{far.total.total():,}"
    parts = ", ".join(f"{name} {far.done[name]:,}/{total:,}" for name, total in far.total.items())
    longer = f"{whole} ({parts})"
    return longer if len(far.total) > 1 and len(longer) <= width else whole


def _format_totals(board: SweepStatus, width: int) -> list[str]:
    """Every cell, and how long the stage takes and what all of it took so far: one line where it is long enough."""
    far, left = board.progress, board.seconds_left
    first, *more = _format_counts(board.state_counts) or ["nothing to do"]
    cells = [f"{count_noun(len(board.cells), _choose_noun(board))}: {first}", *more]
    takes = [] if left is None else [f"about {format_duration(left)} left to {far.stage}"]
    takes += [count_noun(far.tokens, "token")] if far.tokens else []
    takes += [f"${far.cost:.2f}"] if far.cost else []
    whole = pack_parts([*cells, *takes], width)
    return whole if len(whole) == 1 else [*pack_parts(cells, width), *pack_parts(takes, width)]


def _choose_noun(board: SweepStatus) -> str:
    """What is counted: cells, or jobs where no student is trained, as a job shortens at every ratio at once."""
    return "cell" if any(isinstance(cell, TrainJob) for cell in board.cells[:1]) else "job"


def _format_counts(states: Counter[str]) -> list[str]:
    """How many in each state: "2 training", "231 waiting", "12 done"."""
    names = [name for name in states if name not in _STATE_ORDER] + [name for name in _STATE_ORDER if states[name]]
    return [f"{states[name]:,} {name}" for name in names]


def _abbreviate_tokens(tokens: int) -> str:
    """In two or three digits: 950, 8.4k, 84k, 1.2M."""
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if tokens >= size:
            return f"{tokens / size:.{0 if tokens >= 10 * size else 1}f}{unit}"
    return str(tokens)


def _remove_control_characters(words: str) -> str:
    """Without line ends and what else would move a terminal's cursor."""
    return "".join(character if character.isprintable() else " " for character in " ".join(words.split()))


def _fit_line(words: str, width: int, style: str) -> Text:
    return Text(fit_width(words, width).rstrip(), style)
