"""Replies on disk: what was paid for once is not asked for again."""

from __future__ import annotations

import logging
import secrets
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cotpress.chat.request import ChatReply, replace_surrogates
from cotpress.errors import OutputError
from cotpress.storage import compute_content_key

SCHEMA = """
CREATE TABLE IF NOT EXISTS replies (
    key TEXT PRIMARY KEY, model TEXT NOT NULL, text TEXT NOT NULL, finish TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, seconds REAL NOT NULL,
    verdict TEXT NOT NULL DEFAULT '', digest TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID
"""
ADD_DIGEST = "ALTER TABLE replies ADD COLUMN digest TEXT NOT NULL DEFAULT ''"  # to a file of an earlier version
# One random value, as old as the file. See `ReplyCache.read_secret`.
SECRET_SCHEMA = "CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL)"
SECRET_BYTES = 32
PASSING_VERDICTS = ("", "ok")
LOCK_TIMEOUT = 30.0  # seconds to wait for another process that is writing
_LOGGER = logging.getLogger("cotpress")


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
        self._database: sqlite3.Connection | None = None
        self._secret = b""
        with self._convert_errors():
            self._connect()

    def get(self, key: str) -> ChatReply | None:
        """The stored reply, marked as cached, or None. One that is damaged is none; a warning says so."""
        columns = "text, finish, prompt_tokens, completion_tokens, seconds, digest"
        with self._convert_errors():
            row = self._connect().execute(f"SELECT {columns} FROM replies WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        text, finish, prompt_tokens, completion_tokens, seconds, digest = row
        whole = [type(value) for value in row] == [str, str, int, int, float, str]  # SQLite keeps what it is given
        if not whole or digest not in ("", _compute_digest(key, row[:4])):
            _LOGGER.warning("A reply in %s is damaged; it is asked for again.", self.path)
            return None
        return ChatReply(text, finish, prompt_tokens, completion_tokens, seconds, cached=True)

    def put(self, key: str, request_model: str, reply: ChatReply) -> None:
        """Store a reply, in place of an earlier one and its verdict."""
        tokens = (reply.prompt_tokens, reply.completion_tokens)
        content = (replace_surrogates(reply.text), replace_surrogates(reply.finish), *tokens)
        model, digest = replace_surrogates(request_model), _compute_digest(key, content)
        columns = "key, model, text, finish, prompt_tokens, completion_tokens, seconds, digest"
        row = (key, model, *content, float(reply.seconds), digest)
        with self._convert_errors():
            self._connect().execute(f"INSERT OR REPLACE INTO replies ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    def record_verdict(self, key: str, verdict: str) -> None:
        """Record what became of a reply: "ok", or the code of what it failed."""
        with self._convert_errors():
            changed = "UPDATE replies SET verdict = ? WHERE key = ? AND verdict <> ?"
            self._connect().execute(changed, (verdict, key, verdict))

    def get_verdict(self, key: str) -> str:
        """The recorded verdict, "" where there is none."""
        with self._convert_errors():
            row = self._connect().execute("SELECT verdict FROM replies WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def has_failed(self, key: str) -> bool:
        """Whether a verdict was recorded, and it is a failure."""
        return self.get_verdict(key) not in PASSING_VERDICTS

    def read_secret(self) -> bytes:
        """Random bytes that only this file knows: what prompts are made with and nobody may foresee.

        They are made once and stay with the replies. So the prompts of a later run, and with them the keys of its
        replies, are those of the first, and a copy of the file can be used in the same way.
        """
        if not self._secret:
            with self._convert_errors():
                database = self._connect()
                database.execute(SECRET_SCHEMA)
                database.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (secrets.token_bytes(SECRET_BYTES),))
                self._secret = bytes(database.execute("SELECT value FROM secret").fetchone()[0])
        return self._secret

    def close(self) -> None:
        """Close the file; whatever is asked of it later opens it again."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _connect(self) -> sqlite3.Connection:
        if self._database is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._database = _open_database(self.path)
        return self._database

    @contextmanager
    def _convert_errors(self) -> Iterator[None]:
        """Turn errors of SQLite and of the file system into one error."""
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            why = getattr(error, "strerror", None) or error
            hint = "Check the place and its free space, or choose another one for the cache."
            raise OutputError(f"The cache of replies {self.path} cannot be used: {why}.", hint) from error
        except sqlite3.DatabaseError as error:
            raise self._build_damage_error(str(error)) from error

    def _build_damage_error(self, why: str) -> OutputError:
        hint = "Move or delete it (its answers will be asked for again), or choose another place for the cache."
        return OutputError(f"The cache of replies {self.path} is damaged: {why}.", hint)


def _compute_digest(key: str, content: Sequence[str | int]) -> str:
    """A hash by which a reply is known to be the one that was stored."""
    return compute_content_key("reply", key, *content)


def _open_database(path: Path) -> sqlite3.Connection:
    """A connection in write-ahead mode, which lets others read while one writes, each statement committed at once."""
    connection = sqlite3.connect(path, timeout=LOCK_TIMEOUT, isolation_level=None, check_same_thread=False)
    until = time.monotonic() + LOCK_TIMEOUT
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(SCHEMA)
            connection.execute("SELECT verdict FROM replies LIMIT 1")
            if "digest" not in {column[1] for column in connection.execute("PRAGMA table_info(replies)")}:
                connection.execute(ADD_DIGEST)
            return connection
        except sqlite3.DatabaseError as error:
            # Changing the mode does not wait for others that are opening the same new file.
            if ("locked" in str(error) or "duplicate column" in str(error)) and time.monotonic() < until:
                time.sleep(0.02)
                continue
            connection.close()
            raise
