"""An OpenAI-compatible endpoint of completions that gives the log-probabilities of a prompt, by `transformers`.

    python tests/support/scoring_server.py MODEL_FOLDER --port 8000

The numbers come from the model's own logits, whole sequence at once. `alter` changes a good answer before it is sent;
the script of a `Behaviour` names faults, as in `faulty_server`, "" for a good answer.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import re
from collections.abc import Callable
from copy import copy
from pathlib import Path
from typing import Any

from faulty_server import Answer, Behaviour, FaultyServer, _error, _fault_answer, _json, _listen

Alter = Callable[[dict[str, Any], dict[str, Any]], object]


class ScoringServer(FaultyServer):
    """Answers `POST /v1/completions` with `echo` and `logprobs`; counts as `FaultyServer` does."""

    def __init__(self, folder: Path, behaviour: Behaviour | None = None, alter: Alter | None = None) -> None:
        from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

        super().__init__(behaviour or Behaviour())
        self.alter = alter
        self.tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype="float32").eval()

    def copy(self, behaviour: Behaviour | None = None, alter: Alter | None = None) -> ScoringServer:
        """Another server with the same model."""
        other = copy(self)
        FaultyServer.__init__(other, behaviour or Behaviour())
        other.alter = alter
        return other

    def respond(self, head: str, raw: bytes) -> tuple[Answer, str]:
        body = json.loads(raw)
        key = hashlib.blake2b(raw, digest_size=8).hexdigest()
        self.asked[key] += 1
        self.bodies.append(body)
        self.headers.append(head)
        said = re.search(r"(?im)^authorization:\s*bearer\s+(\S*)", head)
        sent_key = said[1] if said else ""
        if self.behaviour.key and sent_key != self.behaviour.key:
            return _error(401, f"Incorrect API key provided: {sent_key}.", code="invalid_api_key"), ""
        if fault := self.script.popleft() if self.script else "":
            chat = {"model": body["model"], "messages": [{"role": "user", "content": "Say 5."}]}
            return _fault_answer(fault, sent_key, chat), ""
        answer = self.complete(body)
        if self.alter is not None:
            self.alter(answer, body)
        return _json(200, answer), key

    def complete(self, body: dict[str, Any]) -> dict[str, Any]:
        """The prompt and one generated token, each with its log-probability and the most probable tokens."""
        import torch

        prompt = body["prompt"]
        ids = self.tokenizer(prompt, add_special_tokens=False)["input_ids"] if isinstance(prompt, str) else prompt
        with torch.inference_mode():
            log_p = self.model(input_ids=torch.tensor([ids])).logits[0].float().log_softmax(-1)
        everything = [*ids, int(log_p[-1].argmax())]
        tokens = [self.tokenizer.decode([token]) for token in everything]
        best = log_p.topk(body["logprobs"])
        told = {
            "tokens": tokens,
            "token_logprobs": [None, *(float(log_p[at, token]) for at, token in enumerate(everything[1:]))],
            "top_logprobs": [
                None,
                *(
                    {self.tokenizer.decode([token]): value for token, value in zip(row, values, strict=True)}
                    for row, values in zip(best.indices.tolist(), best.values.tolist(), strict=True)
                ),
            ],
            "text_offset": [-1] * len(tokens),
        }
        choice = {"index": 0, "text": "".join(tokens), "logprobs": told, "finish_reason": "length"}
        usage = {"prompt_tokens": len(ids), "completion_tokens": 1, "total_tokens": len(everything)}
        shape = {"id": "cmpl-1", "object": "text_completion", "created": 1, "model": body["model"]}
        return {**shape, "choices": [choice], "usage": usage}


async def _serve(server: ScoringServer, port: int) -> None:
    listening = await _listen(server, port)
    print(server.base_url, flush=True)
    await listening.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    options = parser.parse_args()
    asyncio.run(_serve(ScoringServer(options.folder), options.port))
