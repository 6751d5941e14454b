"""What the samples of each question came to. In a private temporary database: memory does not grow with them."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

_CREATE = """CREATE TABLE questions (
    key BLOB PRIMARY KEY, samples INTEGER, right INTEGER, traces INTEGER, tokens INTEGER) WITHOUT ROWID"""
_ADD = """INSERT INTO questions VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
    samples = samples + excluded.samples, right = right + excluded.right,
    traces = traces + excluded.traces, tokens = tokens + excluded.tokens"""
_FIND = "SELECT samples, right, traces, tokens FROM questions"


class QuestionCounts(NamedTuple):
    """Of one question: traces whose answer was graded, how many of them are right; traces that are compressed, and
    their tokens."""

    samples: int = 0
    right: int = 0
    traces: int = 0
    tokens: int = 0


class SampleTable:
    """Counts of questions, found by the text of the question but for its white space.

    >>> table = SampleTable()
    >>> table.add("2+3?", QuestionCounts(samples=1, right=1))
    >>> table.add(" 2+3?", QuestionCounts(samples=1))
    >>> table.find("2+3?")
    QuestionCounts(samples=2, right=1, traces=0, tokens=0)
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)  # "" is a file that goes when it is closed
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute(_CREATE)
        self._database.execute("BEGIN")

    def add(self, question: str, counts: QuestionCounts) -> None:
        """Add to what is known of a question."""
        self._database.execute(_ADD, (_hash_question(question), *counts))

    def find(self, question: str) -> QuestionCounts:
        """What is known of a question; nothing but zeros where it was never met."""
        found = self._database.execute(f"{_FIND} WHERE key = ?", (_hash_question(question),)).fetchone()
        return QuestionCounts(*found) if found else QuestionCounts()

    def __iter__(self) -> Iterator[QuestionCounts]:
        return (QuestionCounts(*row) for row in self._database.execute(_FIND))


def _hash_question(question: str) -> bytes:
    return hashlib.blake2b(" ".join(question.split()).encode(errors="surrogatepass"), digest_size=16).digest()
