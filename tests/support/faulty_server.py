"""An OpenAI-compatible chat server that fails on demand: for tests, and for benchmarks as a process of its own.

    python tests/support/faulty_server.py --port 8000 --delay 0.2 --fail 0.3 --seed 0

What becomes of a request, in this order: the fault that its last message names ("[[fault:500]]", or
"[[fault:500 x2]]" for its first two tries only), the next entry of the script, a random fault with probability
`fail`, a good answer. Random faults depend on the seed, the body and how often it was sent, not on the order
of arrival. `GET /stats` says how often each body was asked and answered.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import json
import random
import re
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

PASSING = ("429", "429-retry-after", "500", "drop", "half", "half-closed", "invalid-json", "empty-body", "error-200")
MALFORMED = (  # JSON, but not what was agreed on
    (
        "tokens-infinite",
        "tokens-huge",
        "tokens-text",
        "deep-body",
        "deep-parts",
        "deep-reason",
        "too-large",
        "deep-error",
    )
)
# Answers that hold a completion, and that an endpoint would bill.
BILLED = ("tokens-infinite", "tokens-huge", "tokens-text", "deep-parts", "deep-reason", "filter", "refusal", "length")
ECHOES = ("echo-spaced", "echo-base64", "echo-reversed")  # errors that say the key in another way
REDIRECTS = ("redirect-same", "redirect-other")
LASTING = ("empty-choices", "filter", "filter-400", "refusal", "404", "401", "400", "413", "silence", "quota")
ALL_FAULTS = (*PASSING, *LASTING, *MALFORMED, *ECHOES, *REDIRECTS, "length")
SILENCE = 30.0  # seconds
RETRY_AFTER = 1  # seconds
NAMED = re.compile(r"\[\[fault:([\w-]+)(?: x(\d+))?\]\]")
REASONING = re.compile(r"<([\w-]*reasoning)>\n(.*?)\n</\1>", re.DOTALL)
SENTENCE = re.compile(r"(?<=[.!?])(\s+)|(\n+)")
FILLER = re.compile(r"\s*(?:wait|hmm|okay|ok|well|alright|let me|now,|i think|i need|so, let)\b", re.IGNORECASE)
REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 413: "Too Large", 429: "Slow Down"}


@dataclass(frozen=True)
class Behaviour:
    """How a server behaves.

    `delay` is in seconds; `key` and `model` are the only ones known, "" for any. No answer is sent before `together`
    requests were under way at a time, or ten seconds are over.
    """

    delay: float = 0.0
    fail: float = 0.0
    seed: int = 0
    script: Sequence[str] = ()
    faults: Sequence[str] = PASSING
    key: str = ""
    model: str = ""
    only_completion_tokens: bool = False
    together: int = 1


@dataclass(frozen=True)
class Answer:
    """What is sent: `cut` stops after that share of it, `body` of None closes the connection without a word."""

    status: int
    body: bytes | None
    headers: str = ""
    cut: float = 1.0
    sized: bool = True
    wait: float = 0.0


class FaultyServer:
    """Counts by a hash of the request's body: `asked`, `answered` (a good answer was sent), and `times` of asking."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.script = deque(behaviour.script)
        self.asked: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.billed: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.times: dict[str, list[float]] = defaultdict(list)
        self.bodies: deque[dict[str, Any]] = deque(maxlen=1000)
        self.headers: deque[str] = deque(maxlen=1000)
        self.connections = 0
        self.under_way = self.most_under_way = 0
        self.port = 0

    @property
    def base_url(self) -> str:
        """What a client is given."""
        return f"http://127.0.0.1:{self.port}/v1"

    def respond(self, head: str, raw: bytes) -> tuple[Answer, str]:
        """The answer to a request, and the hash of its body."""
        if head.startswith("GET /stats"):
            counts = {"asked": self.asked, "answered": self.answered, "billed": self.billed, "faults": self.faults}
            return _json(200, {**counts, "connections": self.connections}), ""
        body = json.loads(raw)
        key = hashlib.blake2b(raw, digest_size=8).hexdigest()
        self.asked[key] += 1
        self.times[key].append(time.monotonic())
        self.bodies.append(body)
        self.headers.append(head)
        said = re.search(r"(?im)^authorization:\s*bearer\s+(\S*)", head)
        fault = self._fault(body, said[1] if said else "", self.asked[key], key)
        self.faults.update([fault] if fault else [])
        self.billed.update([key] if not fault or fault in BILLED else [])
        answer = _fault_answer(fault, said[1] if said else "", body) if fault else _json(200, completion(body))
        return answer, "" if fault else key

    def _fault(self, body: dict[str, Any], key: str, tries: int, body_key: str) -> str:
        behaviour = self.behaviour
        if behaviour.key and key != behaviour.key:
            return "401"
        if behaviour.model and body["model"] != behaviour.model:
            return "404"
        if behaviour.only_completion_tokens and "max_tokens" in body:
            return "max-tokens"
        named = NAMED.search(body["messages"][-1]["content"])
        if named and (not named[2] or tries <= int(named[2])):
            return named[1]
        if self.script:
            return self.script.popleft()
        if behaviour.fail:
            chance = random.Random(f"{behaviour.seed}/{body_key}/{tries}")
            if chance.random() < behaviour.fail:
                return chance.choice(list(behaviour.faults))
        return ""


def completion(body: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """A good answer's JSON: a rewrite of the last reasoning between tags."""
    text = rewrite(body["messages"])
    sent = sum(len(message["content"].split()) for message in body["messages"])
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop", **changed}
    usage = {"prompt_tokens": sent, "completion_tokens": len(text.split())}
    usage["total_tokens"] = sum(usage.values())
    shape = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": body["model"]}
    return {**shape, "choices": [choice], "usage": usage}


def rewrite(messages: Sequence[dict[str, str]]) -> str:
    """The reasoning without its filler sentences, the last one always kept; without tags, the last message."""
    asked = [message["content"] for message in messages if message["role"] == "user"]
    found = [match[2] for text in asked for match in REASONING.finditer(text)]
    text = found[-1] if found else asked[-1]
    pieces = [piece or "" for piece in SENTENCE.split(text)]
    parts = [(pieces[at], "".join(pieces[at + 1 : at + 3])) for at in range(0, len(pieces), 3)]
    last = max((at for at, (said, _) in enumerate(parts) if said.strip()), default=0)
    kept = [said + gap for at, (said, gap) in enumerate(parts) if at == last or (said and not FILLER.match(said))]
    return "".join(kept).strip()


def _json(status: int, data: Any, **more: Any) -> Answer:
    return Answer(status, json.dumps(data).encode(), **more)


def _error(status: int, message: str, **more: Any) -> Answer:
    headers = more.pop("headers", "")
    return _json(status, {"error": {"message": message, "type": "error", **more}}, headers=headers)


def _fault_answer(fault: str, key: str, body: dict[str, Any]) -> Answer:
    good = json.dumps(completion(body)).encode()
    if fault in MALFORMED:
        return Answer(400 if fault == "deep-error" else 200, _malform(fault, good))
    if fault in ECHOES:
        said = {"echo-spaced": "-".join(key), "echo-base64": base64.b64encode(key.encode()).decode()}
        return _error(400, f"The key {said.get(fault, key[::-1])} may not do this.", code="not_allowed")
    if fault.startswith("redirect-"):
        place = {"redirect-same": "/v1/elsewhere", "redirect-other": "http://elsewhere.invalid/v1"}[fault]
        return Answer(307, b"", f"location: {place}\r\n")
    answers = {
        "": Answer(200, good),
        "429": _error(429, "Rate limit reached."),
        "429-retry-after": _error(429, "Rate limit reached.", headers=f"retry-after: {RETRY_AFTER}\r\n"),
        "quota": _error(429, "You exceeded your current quota.", code="insufficient_quota"),
        "500": _error(500, f"The server had an error (key {key})."),
        "drop": Answer(200, None),
        "half": Answer(200, good, cut=0.5),
        "half-closed": Answer(200, good, cut=0.5, sized=False),
        "invalid-json": Answer(200, b'{"choices": [{"message": <html>'),
        "empty-body": Answer(200, b""),
        "error-200": _error(200, "The upstream model timed out."),
        "empty-choices": _json(200, {**completion(body), "choices": []}),
        "filter": _json(200, completion(body, message={"content": None}, finish_reason="content_filter")),
        "filter-400": _error(400, "The prompt was filtered.", code="content_filter"),
        "refusal": _json(200, completion(body, message={"content": None, "refusal": "I cannot help with that."})),
        "length": _json(200, completion(body, finish_reason="length")),
        "404": _error(404, f"The model `{body['model']}` does not exist.", code="model_not_found"),
        "401": _error(401, f"Incorrect API key provided: {key}.\nSee your dashboard.", code="invalid_api_key"),
        "400": _error(400, "This model's maximum context length is 8 tokens.", code="context_length_exceeded"),
        "413": _error(413, "Request too large."),
        "silence": Answer(200, good, wait=SILENCE),
        "max-tokens": _error(
            400,
            "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens'.",
            code="unsupported_parameter",
            param="max_tokens",
        ),
    }
    return answers[fault]


def _malform(fault: str, good: bytes) -> bytes:
    deep = b"[" * 200_000 + b"]" * 200_000
    parts = b'[{"text":' * 450 + b'"5"' + b"}]" * 450
    count, content = re.compile(rb'"prompt_tokens": \d+'), re.compile(rb'"content": "(?:[^"\\]|\\.)*"')
    return {
        "tokens-infinite": lambda: count.sub(b'"prompt_tokens": 1e999', good),
        "tokens-huge": lambda: count.sub(b'"prompt_tokens": 1' + b"0" * 30, good),
        "tokens-text": lambda: count.sub(b'"prompt_tokens": ["many"]', good),
        "deep-body": lambda: deep,
        "deep-parts": lambda: content.sub(lambda match: b'"content": ' + parts, good),
        "deep-reason": lambda: good.replace(b'"finish_reason": "stop"', b'"finish_reason": ' + b"[" * 900 + b"]" * 900),
        "too-large": lambda: good[:-1] + b" " * (17 << 20) + b"}",
        "deep-error": lambda: b'{"error": {"message": ' + b"[" * 900 + b"]" * 900 + b"}}",
    }[fault]()


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as far as clients with keep-alive and sized bodies need it."""

    def __init__(self, server: FaultyServer) -> None:
        self.server, self.buffer = server, bytearray()
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.server.connections += 1

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end].decode("latin-1")
        size = re.search(r"(?im)^content-length:\s*(\d+)", head)
        stop = end + 4 + (int(size[1]) if size else 0)
        if len(self.buffer) < stop:
            return
        body = bytes(self.buffer[end + 4 : stop])
        del self.buffer[:stop]
        server = self.server
        server.under_way += 1
        server.most_under_way = max(server.most_under_way, server.under_way)
        answer, key = server.respond(head, body)
        delay = 0.0 if head.startswith("GET") else server.behaviour.delay
        asyncio.get_running_loop().call_later(delay + answer.wait, self._send, answer, key)

    def _send(self, answer: Answer, key: str, patience: int = 1000) -> None:
        if patience and self.server.most_under_way < self.server.behaviour.together:
            asyncio.get_running_loop().call_later(0.01, self._send, answer, key, patience - 1)
            return
        self.server.under_way -= 1
        if self.transport.is_closing():
            return
        if answer.body is not None:
            size = f"content-length: {len(answer.body)}\r\n" if answer.sized else "connection: close\r\n"
            reason = REASONS.get(answer.status, "Error")
            head = f"HTTP/1.1 {answer.status} {reason}\r\ncontent-type: application/json\r\n{size}{answer.headers}\r\n"
            self.transport.write(head.encode() + answer.body[: int(len(answer.body) * answer.cut)])
        if key:
            self.server.answered[key] += 1
        if answer.body is None or answer.cut < 1 or not answer.sized:
            self.transport.close()


async def _listen(server: FaultyServer, port: int) -> asyncio.AbstractServer:
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: _Connection(server), "127.0.0.1", port, backlog=1024)
    server.port = listening.sockets[0].getsockname()[1]
    return listening


Server = TypeVar("Server", bound=FaultyServer)


@contextmanager
def serving(behaviour: Behaviour | None = None) -> Iterator[FaultyServer]:
    """A server in a thread of its own, on a free port of the loopback."""
    with running(FaultyServer(behaviour or Behaviour())) as server:
        yield server


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The same for a server that was made already."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(_listen(server, 0), loop).result(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _serve(server: FaultyServer, port: int) -> None:
    listening = await _listen(server, port)
    print(server.base_url, flush=True)
    await listening.serve_forever()


def main() -> None:
    """Serve until killed; prints the base URL once it listens."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--fail", type=float, default=0.0, help="share of requests that fail, 0..1")
    parser.add_argument("--seed", type=int, default=0, help="of the random faults")
    parser.add_argument("--key", default="", help="the only key accepted")
    parser.add_argument("--faults", nargs="+", default=PASSING, choices=ALL_FAULTS, help="which ones")
    options = parser.parse_args()
    behaviour = Behaviour(options.delay, options.fail, options.seed, faults=options.faults, key=options.key)
    asyncio.run(_serve(FaultyServer(behaviour), options.port))


if __name__ == "__main__":
    main()
