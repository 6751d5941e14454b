"""How well keep is told from drop: figures of probabilities against labels. Pure array work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from cotpress.signals import TokenClassifier
from cotpress.training.saliency.labelled_windows import LabelledWindow
from cotpress.training.saliency.labels import IGNORED_LABEL
from cotpress.types import BoolArray, FloatArray

ClassifierMetrics = Mapping[str, float | None]


def evaluate_classifier(
    classifier: TokenClassifier, examples: Sequence[LabelledWindow]
) -> dict[str, float | int | None]:
    """The figures of held-out windows, by the very code that scores traces; P(keep) of at least a half is keep."""
    classifier.model.eval()
    chances = classifier.classify([window.ids.tolist() for window in examples])
    labels = np.concatenate([np.zeros(0, np.int8), *(window.labels for window in examples)])
    known = labels != IGNORED_LABEL
    return compute_classifier_metrics(np.concatenate([np.empty(0), *chances])[known], labels[known] == 1)


def compute_classifier_metrics(chances: FloatArray, keep: BoolArray) -> dict[str, float | int | None]:
    """Figures of P(keep) [tokens] against labels [tokens], each 0..1 but `loss` (nats a token) and `tokens`.

    Precision, recall and F1 are of keep; `kept` is the share labelled keep and `predicted` the share found to be;
    `majority` is the accuracy of always giving the commoner label. AUC is the chance that a kept token has a higher
    P(keep) than a dropped one (ties count half; 0.5 is what the majority has). None where there is nothing to divide.
    """
    predicted = chances >= 0.5
    right, both = int((predicted == keep).sum()), int((predicted & keep).sum())
    clipped = np.clip(np.where(keep, chances, 1 - chances), 1e-12, 1.0)
    kept = _compute_share(int(keep.sum()), len(keep))
    return {
        "tokens": len(keep),
        "loss": round(float(-np.log(clipped).mean()), 4) if len(keep) else None,
        "accuracy": _compute_share(right, len(keep)),
        "majority": None if kept is None else round(max(kept, 1 - kept), 4),
        "precision": _compute_share(both, int(predicted.sum())),
        "recall": _compute_share(both, int(keep.sum())),
        "f1": _compute_share(2 * both, int(predicted.sum() + keep.sum())),
        "auc": auc(chances, keep),
        "kept": kept,
        "predicted": _compute_share(int(predicted.sum()), len(keep)),
    }


def auc(chances: FloatArray, keep: BoolArray) -> float | None:
    """Area under the ROC curve by ranks; None where all labels are the same."""
    ones, zeros = int(keep.sum()), int((~keep).sum())
    if not ones or not zeros:
        return None
    _, group, sizes = np.unique(chances, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(sizes) - (sizes - 1) / 2)[group]  # ties share their mean rank
    return round((float(ranks[keep].sum()) - ones * (ones + 1) / 2) / (ones * zeros), 4)


def _compute_share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
