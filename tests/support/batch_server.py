"""The faulty server with files and batches as OpenAI's API has them, and faults of their own.

Single requests fail as `FaultyServer` says, by the line that they have in a results file. What goes wrong with a whole
batch is the next entry of `batch_script`: see `BATCH_FAULTS`.
"""

from __future__ import annotations

import json
import re
import time
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any

from faulty_server import Answer, Behaviour, FaultyServer, _error, _fault_answer, _json, completion

BATCH_FAULTS = (
    "expired",  # every second request is answered
    "cancelled",
    "failed",  # in validation
    "create-lost",  # made, but the connection closes before the answer
    "create-500",  # not made
    "poll-500",  # twice
    "half-file",  # the first download ends in the middle of a line
    "missing-lines",  # every second line, in every download
    "junk-lines",  # among the good ones, of every kind that makes no sense
    "strange-id",
    "no-output-file",
)
JUNK = (
    b"\xff\xfe not utf-8",
    b"[" * 5000,
    b'{"custom_id": "nobody"}',
    b'{"custom_id": ["a"], "response": 5}',
    b"5",
    b"null",
    b"",
    b'{"custom_id": {"deep": ' + b"[" * 900 + b"]" * 900 + b"}}",
)


class BatchServer(FaultyServer):
    """Counts in `paid` how often each `custom_id` was answered well; `polls` looks end a batch."""

    def __init__(self, behaviour: Behaviour | None = None, batch_script: Sequence[str] = (), polls: int = 1) -> None:
        super().__init__(behaviour or Behaviour())
        self.batch_script, self.polls = deque(batch_script), polls
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, Any]] = {}
        self.paid: Counter[str] = Counter()
        self.sent: list[list[str]] = []  # the ids of each batch's requests
        self.calls: list[str] = []
        self.create_delay = 0.0
        self._faults: dict[str, str] = {}
        self._looks: Counter[str] = Counter()

    def respond(self, head: str, raw: bytes) -> tuple[Answer, str]:
        method, path = head.split(" ", 2)[:2]
        if path.startswith(("/v1/files", "/v1/batches")):
            self.headers.append(head)
            self.calls.append(f"{method} {path}")
            said = re.search(r"(?im)^authorization:\s*bearer\s+(\S*)", head)
            if self.behaviour.key and (said is None or said[1] != self.behaviour.key):
                return _error(401, f"Incorrect API key provided: {said[1] if said else ''}."), ""
            return self._route(method, path, raw, said[1] if said else ""), ""
        return super().respond(head, raw)

    def _route(self, method: str, path: str, raw: bytes, key: str) -> Answer:
        parts = path.partition("?")[0].split("/")[2:]
        if parts == ["files"]:
            return self._upload(raw)
        if parts == ["batches"] and method == "POST":
            return self._create(json.loads(raw), key)
        if parts == ["batches"]:
            return self._list(path)
        if parts[0] == "batches":
            return self._look(parts[1], key)
        if len(parts) == 3 and parts[2] == "content" and parts[1] in self.files:
            return self._content(parts[1])
        return _error(404, "No such file.")

    def _upload(self, raw: bytes) -> Answer:
        name = f"file-{len(self.files)}"
        lines = [line for line in raw.splitlines() if line.startswith(b'{"custom_id"')]
        assert b'name="purpose"' in raw
        self.files[name] = b"\n".join(lines)
        return _json(200, {"id": name, "object": "file", "purpose": "batch"})

    def _create(self, body: dict[str, Any], key: str) -> Answer:
        assert body["endpoint"] == "/v1/chat/completions"
        fault = self.batch_script.popleft() if self.batch_script else ""
        if fault == "create-500":
            return _error(500, f"The server had an error (key {key}).")
        name = f"batch_{len(self.batches)}"
        rows = [json.loads(line) for line in self.files[body["input_file_id"]].splitlines()]
        self.sent.append([row["custom_id"] for row in rows])
        told = {"id": name, "object": "batch", "input_file_id": body["input_file_id"], "status": "validating"}
        self.batches[name] = {**told, "request_counts": {"total": len(rows), "completed": 0, "failed": 0}}
        self._faults[name] = fault
        shown = {**self.batches[name], "id": "../files"} if fault == "strange-id" else self.batches[name]
        return Answer(200, None) if fault == "create-lost" else _json(200, shown, wait=self.create_delay)

    def _list(self, path: str) -> Answer:
        """Two a page, so that pages are turned."""
        names = list(self.batches)[::-1]
        after = re.search(r"after=([\w%]+)", path)
        names = names[names.index(after[1]) + 1 :] if after else names
        data = [self.batches[name] for name in names[:2]]
        return _json(200, {"object": "list", "data": data, "has_more": len(names) > 2})

    def _look(self, name: str, key: str) -> Answer:
        if name not in self.batches:
            return _error(404, "No such batch.")
        self._looks[name] += 1
        fault, batch = self._faults[name], self.batches[name]
        if fault == "poll-500" and self._looks[name] <= 2:
            return _error(500, "Try later.")
        if self._looks[name] <= self.polls:
            batch["status"] = "in_progress"
        elif batch["status"] in ("validating", "in_progress"):
            self._finish(batch, fault, key)
        return _json(200, batch)

    def _finish(self, batch: dict[str, Any], fault: str, key: str) -> None:
        rows = [json.loads(line) for line in self.files[batch["input_file_id"]].splitlines()]
        batch["status"] = fault if fault in ("expired", "cancelled", "failed") else "completed"
        if fault == "failed":
            message = f"The model is not supported. Key: {key}"
            batch["errors"] = {"object": "list", "data": [{"line": 1, "message": message}]}
            return
        answered = rows[::2] if fault in ("expired", "cancelled") else rows
        lines = [self._answer(row, key) for row in answered]
        good = [line for line in lines if line["response"]["status_code"] == 200]
        bad = [line for line in lines if line["response"]["status_code"] != 200]
        if fault == "expired":
            over = {"code": "batch_expired", "message": "This request could not be executed before it expired."}
            bad += [{"custom_id": row["custom_id"], "response": None, "error": over} for row in rows[1::2]]
        batch["request_counts"] |= {"completed": len(good), "failed": len(bad)}
        name = batch["input_file_id"]
        if good and fault != "no-output-file":
            self.files[f"{name}-output"] = _write(good[::-1], fault)
            batch["output_file_id"] = f"{name}-output"
        if bad:
            self.files[f"{name}-errors"] = _write(bad, "")
            batch["error_file_id"] = f"{name}-errors"
        self._faults[f"{name}-output"] = fault

    def _answer(self, row: dict[str, Any], key: str) -> dict[str, Any]:
        name, body = row["custom_id"], row["body"]
        self.asked[name] += 1
        self.times[name].append(time.monotonic())
        self.bodies.append(body)
        fault = self._fault(body, key, self.asked[name], name)
        answer = _fault_answer(fault, key, body) if fault else _json(200, completion(body))
        try:
            shown = json.loads(answer.body or b"null")
        except (ValueError, RecursionError):
            shown = "not JSON"
        if answer.status == 200:
            self.paid[name] += not fault
        response = {"status_code": answer.status, "request_id": "1", "body": shown}
        return {"id": f"r-{name}", "custom_id": name, "response": response, "error": None}

    def _content(self, name: str) -> Answer:
        self._looks[name] += 1
        cut = 0.6 if self._faults.get(name) == "half-file" and self._looks[name] == 1 else 1.0
        content = self.files[name]
        return Answer(200, content[: int(len(content) * cut)])


def _write(lines: Sequence[dict[str, Any]], fault: str) -> bytes:
    rows = [json.dumps(line).encode() for line in lines]
    if fault == "missing-lines":
        rows = rows[::2]
    if fault == "junk-lines":
        rows = [*JUNK, *(row for good in rows for row in (good, good))]
    return b"\n".join(rows) + b"\n"
