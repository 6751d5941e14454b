"""Taking a causal LM apart into trunk and head, and making sure that the parts give the model's own numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cotpress.errors import CotpressError, ModelError, import_optional
from cotpress.models import summarize_error
from cotpress.signals.lm_backbone import LMBackbone
from cotpress.signals.lm_head import LMHead
from cotpress.signals.lm_runner import LMRunner
from cotpress.signals.scoring_sequences import ScoringSequence
from cotpress.types import FloatArray

PROBE_TEXT = "Let x = 12. Then 3x + 4 = 40, so half of it is 20.\n\nWait, is that right? Yes: 40 / 2 = 20."
PROBE_TOKENS = 24
TOLERANCE, HALF_TOLERANCE = 1e-3, 0.25  # nats; a half-precision model's own logits are that coarse
CPU_BATCH_TOKENS, GPU_BATCH_TOKENS = 2048, 16384  # tokens; past these, batches measured no faster


def split_lm(model: Any, name: str, batch_tokens: int | None, probe: Sequence[int]) -> LMRunner:
    """Split a loaded causal LM and check it on `probe`, the token ids of a short text.

    Raises:
        ModelError: its head is of an unknown kind, it looks ahead, or it gives no finite numbers.
    """
    head = find_lm_head(model, name)
    budget = batch_tokens or (CPU_BATCH_TOKENS if head.weight.device.type == "cpu" else GPU_BATCH_TOKENS)
    runner = LMRunner(LMBackbone(model.base_model), head, budget)
    try:
        return _check_runner(model, runner, list(probe)[:PROBE_TOKENS], name)
    except CotpressError:
        raise
    except Exception as error:  # a model that is not built like the others fails in its own way
        raise ModelError(
            f"The model {name} cannot be run: {summarize_error(error)}", "Try another causal LM."
        ) from error


def find_lm_head(model: Any, name: str) -> LMHead:
    """The output layer, with the scaling and capping of logits that the configuration states.

    Scaling goes by three names: Cohere's `logit_scale`, Falcon-H1's `lm_head_multiplier` and, as a
    divisor, Granite's `logits_scaling`; capping by Gemma's `final_logit_softcapping`.
    """
    layer = model.get_output_embeddings()
    weight = getattr(layer, "weight", None)
    if weight is None or weight.dim() != 2 or not weight.is_floating_point() or model.base_model is model:
        raise ModelError(f"The model {name} has no plain output layer over its vocabulary.", "Give a causal LM.")
    config = model.config.get_text_config()
    scale = (getattr(config, "logit_scale", None) or 1.0) * (getattr(config, "lm_head_multiplier", None) or 1.0)
    scale /= getattr(config, "logits_scaling", None) or 1.0
    return LMHead(weight, getattr(layer, "bias", None), scale, getattr(config, "final_logit_softcapping", None))


def _check_runner(model: Any, runner: LMRunner, probe: list[int], name: str) -> LMRunner:
    """Compare with the model's own logits, with a shorter row beside, and piece by piece."""
    torch = import_optional("torch", "lm")
    half = runner.head.weight.dtype != torch.float32
    within = HALF_TOLERANCE if half else TOLERANCE
    short = probe[: len(probe) // 2]
    both = replace(runner, batch_tokens=2 * len(probe))
    own = _compute_reference(model, probe, runner.head.weight.device)
    ours, beside = both.run([ScoringSequence(probe, 1), ScoringSequence(short, 1)])
    if not np.isfinite(own).all():
        raise ModelError(f"The model {name} gives numbers that are not finite.", "Give another dtype, such as float32.")
    if not _is_close(ours[:, : beside.shape[1]], beside, within):
        raise ModelError(
            f"The model {name} ({type(model).__name__}) looks ahead: it is not a causal LM.", "Give a causal LM."
        )
    if not _is_close(own, ours, within):
        raise ModelError(
            f"The output layer of {name} ({type(model).__name__}) changes its logits in a way that is not known here: "
            f"NLL and entropy would be off by {np.abs(own - ours).max():.3g} nats.",
            "Use a model of another architecture.",
        )
    usable = _has_usable_cache(runner, probe, ours, within)
    return replace(runner, backbone=replace(runner.backbone, supports_cache=usable))


def _compute_reference(model: Any, ids: list[int], device: Any) -> FloatArray:
    torch = import_optional("torch", "lm")
    with torch.inference_mode():
        row = torch.tensor([ids], device=device)
        log_p = model(input_ids=row, use_cache=False).logits[0, :-1].float().log_softmax(-1)
        nll = -log_p.gather(-1, row[0, 1:, None])[:, 0]
        values: FloatArray = torch.stack([nll, -(log_p.exp() * log_p).sum(-1)]).double().cpu().numpy()
    return values


def _has_usable_cache(runner: LMRunner, probe: list[int], whole: FloatArray, within: float) -> bool:
    """Whether a cache can be used: some architectures keep none, or another kind."""
    pieced = replace(runner, backbone=replace(runner.backbone, max_piece_tokens=max(1, len(probe) // 3)))
    try:
        [values] = pieced.run([ScoringSequence(probe, 1)])
    except Exception:
        return False
    return _is_close(whole, values, within)


def _is_close(expected: FloatArray, received: FloatArray, within: float) -> bool:
    return bool((np.abs(expected - received) <= within).all())
