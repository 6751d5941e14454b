"""The memory that scoring takes beyond the model, with a vocabulary of 152k, at 1k and at 8k tokens."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("transformers")

# In a process of its own: what others left behind would blur the measure. To save time only the last
# 400 tokens are scored; all are run, and a tile of the head is as large for few tokens as for many.
SCRIPT = """
import json, sys
from pathlib import Path
import torch
from transformers import AutoModelForCausalLM, Qwen2Config
from cotpress.signals.lm_loader import split_lm
from cotpress.signals.scoring_sequences import ScoringSequence

def memory(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field))

torch.set_num_threads(1)
config = Qwen2Config(vocab_size=151936, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
                     num_attention_heads=2, num_key_value_heads=1, max_position_embeddings=32768)
runner = split_lm(AutoModelForCausalLM.from_config(config).eval(), "random", None, range(24))
peaks = []
for tokens in (1024, 8192):
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    [values] = runner.run([ScoringSequence([n % 151936 for n in range(tokens)], tokens - 400)])
    assert values.shape == (2, 400)
    peaks.append((memory("VmHWM") - before) / 1024)
print(json.dumps(peaks))
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peaks are read from Linux's /proc")
def test_memory_stays_level(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    short, long = json.loads(done.stdout.splitlines()[-1])
    assert 0 < short < 256
    assert long < 256  # one matrix of these logits would take 4,900 MB
    assert long < short + 64
