"""Replies on disk: what was paid for once is not asked for again."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cotpress.chat.request import Reply, encodable
from cotpress.errors import OutputError

SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, text TEXT NOT NULL, finish TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, seconds REAL NOT NULL,
    verdict TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID
"""
PASSED = ("", "ok")
PATIENCE = 30.0  # seconds to wait for another process that is writing


class ReplyCache:
    """One SQLite file of replies by the key of their request, with the verdict that each was given.

    Every reply is on its way to disk when `put` returns: killing the process then loses nothing (a power
    failure may lose the last few). Several processes, and several threads, may use one file. It holds no
    header, no key of an endpoint and no request.

    Raises:
        OutputError: on construction and in every method, when the file is damaged or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._open: sqlite3.Connection | None = None
        with self._sound():
            self._connection()

    def get(self, key: str) -> Reply | None:
        """The stored reply, marked as cached, or None."""
        columns = "text, finish, prompt_tokens, completion_tokens, seconds"
        with self._sound():
            row = self._connection().execute(f"SELECT {columns} FROM replies WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        text, finish, prompt_tokens, completion_tokens, seconds = row
        return Reply(text, finish, prompt_tokens, completion_tokens, seconds, cached=True)

    def put(self, key: str, request_model: str, reply: Reply) -> None:
        """Store a reply, in place of an earlier one and its verdict."""
        tokens = (reply.prompt_tokens, reply.completion_tokens)
        row = (key, encodable(request_model), encodable(reply.text), encodable(reply.finish), *tokens, reply.seconds)
        with self._sound():
            self._connection().execute("INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?, ?, '')", row)

    def judge(self, key: str, verdict: str) -> None:
        """Record what became of a reply: "ok", or the code of what it failed."""
        with self._sound():
            changed = "UPDATE replies SET verdict = ? WHERE key = ? AND verdict <> ?"
            self._connection().execute(changed, (verdict, key, verdict))

    def verdict(self, key: str) -> str:
        """What was recorded, "" where nothing was."""
        with self._sound():
            row = self._connection().execute("SELECT verdict FROM replies WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def failed(self, key: str) -> bool:
        """Whether a reply was judged, and found wanting."""
        return self.verdict(key) not in PASSED

    def close(self) -> None:
        """Close the file; whatever is asked of it later opens it again."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._open = _opened(self.path)
        return self._open

    @contextmanager
    def _sound(self) -> Iterator[None]:
        """Turn what SQLite and the file system say into one error."""
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            why = getattr(error, "strerror", None) or error
            hint = "Check the place and its free space, or choose another one for the cache."
            raise OutputError(f"The cache of replies {self.path} cannot be used: {why}.", hint) from error
        except sqlite3.DatabaseError as error:
            hint = "Move or delete it (its answers will be asked for again), or choose another place for the cache."
            raise OutputError(f"The cache of replies {self.path} is damaged: {error}.", hint) from error


def _opened(path: Path) -> sqlite3.Connection:
    """A connection in write-ahead mode, which lets others read while one writes, each statement committed at once."""
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(SCHEMA)
            connection.execute("SELECT verdict FROM replies LIMIT 1")
            return connection
        except sqlite3.DatabaseError as error:
            # Changing the mode does not wait for others that are opening the same new file.
            if "locked" in str(error) and time.monotonic() < until:
                time.sleep(0.02)
                continue
            connection.close()
            raise
