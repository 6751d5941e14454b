"""A chat endpoint on this machine: llama.cpp's server, from the package `xllamacpp`, with one GGUF file.

    pip install xllamacpp
    python benchmarks/llama_server.py MODEL.gguf [--port 18431] [--threads 1] [--slots 4] [--context 16384]

It speaks OpenAI's chat completions at http://127.0.0.1:PORT/v1 and is reached from this machine alone. `--template`
names a file with the chat template of a model that has none.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--port", type=int, default=18431)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--slots", type=int, default=4, help="replies written at once; they share the context")
    parser.add_argument("--context", type=int, default=16384)
    parser.add_argument("--template", type=Path, default=None)
    options = parser.parse_args()
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(options.model)
    settings.hostnames, settings.port = ["127.0.0.1"], options.port
    settings.n_ctx, settings.n_parallel = options.context, options.slots
    settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = options.threads
    if options.template:
        settings.chat_template = options.template.read_text(encoding="utf-8")
    server = xllamacpp.Server(settings)
    print(f"{server.listening_address}/v1", flush=True)
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main()
