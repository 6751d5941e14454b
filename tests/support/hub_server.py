"""A stand-in for the Hugging Face hub's API, as far as a push and a look at a data set need it."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "hf_stand_in_3f9a77c1e0b2"


@dataclass
class Repository:
    """A data set on the stand-in: visibility, tags and licence of its card, files by name, commits."""

    private: bool
    tags: list[str] = field(default_factory=list)
    licence: str | None = None
    files: dict[str, bytes] = field(default_factory=lambda: {".gitattributes": b""})
    commits: int = 0


@dataclass
class Hub:
    """What the stand-in holds, what it was asked, and what it refuses: (method, end of the path) -> status.

    Files whose names end in one of `large` are uploaded apart, by the protocol of Git LFS, in parts of `part_bytes`
    where that is a number; `stored` has them by their SHA-256.
    """

    url: str = ""
    user: dict[str, Any] = field(
        default_factory=lambda: {"name": "alice", "orgs": [{"name": "lab"}], "auth": {"accessToken": {"role": "write"}}}
    )
    datasets: dict[str, Repository] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refusals: dict[tuple[str, str], int] = field(default_factory=dict)
    large: tuple[str, ...] = ()
    part_bytes: int | None = None
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    stored: dict[str, bytes] = field(default_factory=dict)


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def do_PUT(self) -> None:
        self._answer("PUT")

    def log_message(self, *_: Any) -> None:
        pass

    def _answer(self, method: str) -> None:
        path = self.path.partition("?")[0]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.hub.asked.append((method, path))
        refused = [status for (verb, end), status in self.hub.refusals.items() if verb == method and path.endswith(end)]
        if path.startswith("/storage/"):  # not the hub's: its addresses are signed, and the token is not for it
            if refused or self.headers.get("Authorization"):
                self._send(refused[0] if refused else 400, {"error": "No."})
            else:
                self._send(*self._store(path, body))
        elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._send(401, {"error": f"Invalid token {self.headers.get('Authorization')}"})
        elif refused:
            self._send(refused[0], {"error": f"No: Bearer {TOKEN}"})
        else:
            self._send(*self._find_reply(path, body))

    def _find_reply(self, path: str, body: bytes) -> tuple[int, Any]:
        hub = self.hub
        if path == "/api/whoami-v2":
            return 200, hub.user
        if path == "/api/validate-yaml":
            return 200, {"errors": [], "warnings": []}
        if path == "/api/repos/create":
            asked = json.loads(body)
            name = f"{asked['organization']}/{asked['name']}"
            hub.datasets[name] = Repository(asked["visibility"] == "private")
            return 200, {"url": f"{hub.url}/datasets/{name}"}
        if path.endswith(".git/info/lfs/objects/batch"):
            return 200, {
                "transfer": "basic",
                "objects": [self._give_address(one) for one in json.loads(body)["objects"]],
            }
        if path == "/verify":
            asked = json.loads(body)
            return (200 if len(hub.stored.get(asked["oid"], b"")) == asked["size"] else 422), {}
        name, _, rest = path.removeprefix("/api/datasets/").partition("/")
        name, (last, _, rest) = f"{name}/{rest.partition('/')[0]}", rest.partition("/")[2].partition("/")
        repository = hub.datasets.get(name)
        if repository is None:
            return 404, {"error": "Repository not found"}
        if last == "preupload":
            names = [file["path"] for file in json.loads(body)["files"]]
            files = [
                {"path": name, "uploadMode": "lfs" if name.endswith(hub.large or "\0") else "regular"} for name in names
            ]
            return 200, {"files": [{**file, "shouldIgnore": False} for file in files]}
        if last == "commit":
            _commit(repository, body, hub.stored)
            return 200, {"commitUrl": f"{hub.url}/datasets/{name}/commit/1", "commitOid": "1", "success": True}
        return 200, _describe(name, repository)

    def _give_address(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Where a large file is to go; nothing where it is there already."""
        hub, name, header = self.hub, asked["oid"], {}
        if name in hub.stored:
            return asked
        if hub.part_bytes:
            count = -(-asked["size"] // hub.part_bytes)
            header = {str(part): f"{hub.url}/storage/{name}/{part}" for part in range(1, count + 1)}
            header["chunk_size"] = str(hub.part_bytes)
        upload = {"href": f"{hub.url}/storage/{name}", "header": header}
        return {**asked, "actions": {"upload": upload, "verify": {"href": f"{hub.url}/verify"}}}

    def _store(self, path: str, body: bytes) -> tuple[int, Any]:
        """Keep a large file, or a part of it; the request that ends the parts names them all."""
        _, _, name, *part = path.split("/")
        parts = self.hub.parts.setdefault(name, {})
        if part:
            parts[int(part[0])] = body
            return 200, {}
        if self.command == "POST":
            body = b"".join(parts[one["partNumber"]] for one in json.loads(body)["parts"])
        if hashlib.sha256(body).hexdigest() != name:
            return 400, {"error": "another content"}
        self.hub.stored[name] = body
        return 200, {}

    def _send(self, status: int, data: Any) -> None:
        payload = json.dumps(data).encode()
        self.send_response(status)
        if status == 404:
            self.send_header("X-Error-Code", "RepoNotFound")
        self.send_header("Content-Type", "application/json")
        self.send_header("ETag", hashlib.sha256(payload).hexdigest())
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


def _commit(repository: Repository, body: bytes, stored: dict[str, bytes]) -> None:
    for line in map(json.loads, body.splitlines()):
        if line["key"] == "file":
            repository.files[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
        elif line["key"] == "lfsFile":
            repository.files[line["value"]["path"]] = stored[line["value"]["oid"]]
        elif line["key"] == "deletedFile":
            del repository.files[line["value"]["path"]]
    repository.commits += 1
    repository.tags = ["cotpress"] if b"\n- cotpress\n" in repository.files.get("README.md", b"") else []


def _describe(name: str, repository: Repository) -> dict[str, Any]:
    card = {"tags": repository.tags, **({"license": repository.licence} if repository.licence else {})}
    return {
        "id": name,
        "sha": "1",
        "private": repository.private,
        "tags": repository.tags,
        "cardData": card,
        "siblings": [{"rfilename": file} for file in sorted(repository.files)],
    }


@contextmanager
def serve_hub() -> Iterator[Hub]:
    """A stand-in that answers on this machine for as long as the block lasts."""
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": hub}))
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
