"""A compression by two local workers, some of which are killed at random moments.

It runs in a process of its own: one that holds torch, as the tests' does, cannot be forked safely. Prints how many
workers were begun.
"""

from __future__ import annotations

import random
import sys
import threading
from pathlib import Path

from scale_case import scaled

from cotpress.pipeline import CompressionSpec
from cotpress.pruning import Method
from cotpress.scale import ScaleConfig
from cotpress.scale.local_workers import LocalWorker, LocalWorkers

JOB = CompressionSpec(Method("nll", "token"))
TWO = ScaleConfig("local", tasks=2, workers=2)


def main(output: Path, given: list[str]) -> None:
    original, begun = LocalWorkers._begin_worker, []

    def doomed(workers: LocalWorkers) -> LocalWorker:
        worker = original(workers)
        if len(begun) != 1 and len(begun) < 3:  # one of the first two, and whoever takes its place
            threading.Timer(random.uniform(0, 0.5), worker.process.kill).start()
        begun.append(worker)
        return worker

    LocalWorkers._begin_worker = doomed  # type: ignore[method-assign]
    scaled(given, JOB, output, TWO)
    print(len(begun))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
