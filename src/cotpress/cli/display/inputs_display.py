"""What the inputs of a run were recognised as, before it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cotpress.progress.display import create_progress

if TYPE_CHECKING:
    from cotpress.progress import Progress
    from cotpress.traces import ReferencedTraces, TraceReader


def announce_inputs(reading: TraceReader | ReferencedTraces, quiet: bool) -> Progress:
    """The progress of a run over what is read, once it has said what the inputs were recognised as."""
    progress = create_progress(quiet)
    for line in reading.describe():
        progress.say(line)
    return progress
