"""The client against `transformers serve`, which speaks the wire format as it is."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

for needed in ("openai", "torch", "gguf", "uvicorn", "fastapi"):
    pytest.importorskip(needed)

import httpx2  # noqa: E402

from cotpress.chat import ChatMessage, ChatReply, ChatRequest, OpenAIChat, RetryPolicy, SamplingParameters  # noqa: E402
from cotpress.errors import CotpressError  # noqa: E402

QUESTION = (ChatMessage("system", "Answer in one word."), ChatMessage("user", "What is the capital of France?"))
SERVE = "import sys; from transformers.cli.transformers import main; sys.argv = ['transformers', *sys.argv[1:]]; main()"


@pytest.fixture(scope="module")
def real_server(smollm2_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Base URL and model name of a server that runs SmolLM2."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [str(smollm2_folder), "--device", "cpu", "--dtype", "float32", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    log = (tmp_path_factory.mktemp("log") / "serve.log").open("w+")
    server = subprocess.Popen([sys.executable, "-c", SERVE, "serve", *options], env=environment, stdout=log, stderr=log)
    try:
        _await(server, f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1", str(smollm2_folder)
    finally:
        server.kill()
        server.wait()
        log.close()


def _await(server: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(300):
        try:
            if httpx2.get(url, timeout=2).is_success:
                return
        except httpx2.TransportError:
            pass
        if server.poll() is not None:
            pytest.skip("transformers serve does not start here")
        time.sleep(0.1)
    pytest.skip("transformers serve does not answer")


def ask(url: str, *requests: ChatRequest) -> list[ChatReply | BaseException]:
    async def run() -> list[ChatReply | BaseException]:
        chat = OpenAIChat(url, "NO_SUCH_KEY", RetryPolicy(60, 1))
        outcomes = await asyncio.gather(*map(chat.ask, requests), return_exceptions=True)
        await chat.close()
        return outcomes

    return asyncio.run(run())


def test_replies(real_server: tuple[str, str]) -> None:
    url, model = real_server
    request = ChatRequest(model, QUESTION, SamplingParameters(max_tokens=6))
    first, second = ask(url, request, ChatRequest(model, QUESTION, SamplingParameters(max_tokens=2)))
    assert isinstance(first, ChatReply)
    assert isinstance(second, ChatReply)
    assert first.finish in ("stop", "length")
    assert 20 < first.prompt_tokens == second.prompt_tokens
    assert (second.finish, second.completion_tokens) == ("length", 2)
    assert "Paris" in first.text


def test_an_unknown_model(real_server: tuple[str, str]) -> None:
    [error] = ask(real_server[0], ChatRequest("no/such-model", QUESTION, SamplingParameters(max_tokens=2)))
    assert isinstance(error, CotpressError)
    assert "no/such-model" in str(error)
