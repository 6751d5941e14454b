"""Small outputs to look at: pruned, rewritten, with a rejected row and hostile texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cotpress import Compressed, Rejected, Trace, reassemble, write
from cotpress.pruning.reassembly import compute_kept_spans, compute_layout

HOSTILE = "\x1b[2J\x9b31m\x07\u202eevil\r</script><script>window.pwned = 1</script>"
STEPS = ["Hmm, so what is asked?", "We have 2 + 3 = 5.", "Wait.", "Then 5 * 2 = 10.", "So the answer is 10."]


def make_pruned(trace_id: str, kept: str, *, steps: list[str] = STEPS, question: str = "2+3, doubled?") -> Compressed:
    """A trace of a step a line, of which those stay that have a 1 in `kept`."""
    text = "\n".join(steps)
    bounds = np.array([0, *np.cumsum([len(step) + 1 for step in steps])[:-1] - 1, len(text)])
    layout = compute_layout(text, bounds)
    spans = compute_kept_spans(layout, np.array([flag == "1" for flag in kept]))
    count = sum(len(steps[place].split()) for place, flag in enumerate(kept) if flag == "1")
    trace = Trace(trace_id, question, text, "#### 10", gold="10")
    return Compressed(trace, reassemble(text, spans), spans, len(text.split()), count, 0.5)


def make_rewritten(trace_id: str, original: str, text: str) -> Compressed:
    """A trace that was written anew."""
    measures = {"restructuring": 0.25, "faithfulness": 1.0}
    trace = Trace(trace_id, "2+3?", original, "#### 5")
    return Compressed(trace, text, None, len(original.split()), len(text.split()), None, ("off-budget",), measures)


def write_pruned(folder: Path) -> Path:
    """An output of three pruned traces, of which "none" lost everything, and a rejected row."""
    rejected = Rejected("cut-off", f"No end {HOSTILE}", "a.jsonl", 4, "lost", f'{{"x": "{HOSTILE}"}}')
    empty = make_pruned("none", "00000", steps=[f"{step} Really." for step in STEPS])
    write([make_pruned("some", "01011"), make_pruned("all", "11111"), empty, rejected], folder)
    return folder


def write_rewritten(folder: Path) -> Path:
    """An output of one rewritten trace and one whose texts try to steer the terminal and the page."""
    plain = make_rewritten("plain", "Okay, so two and three make 5. Let me check.", "Two and three make 5.")
    hostile = make_rewritten("hostile", f"Okay. {HOSTILE} is 5.", f"{HOSTILE} = 5.")
    write([plain, hostile], folder)
    return folder
