"""Training a saliency classifier, the LLMLingua-2 way: labels from pairs of original and shortened reasoning."""

from cotpress.training.saliency.labels import CharacterLabels, label_spans, label_text
from cotpress.training.saliency.recipe import SaliencyRecipe
from cotpress.training.saliency.run import SaliencyTrainingResult, train_saliency
from cotpress.training.saliency.training_loop import SaliencyTrainingStatus, StatusCallback

__all__ = [
    "CharacterLabels",
    "SaliencyRecipe",
    "SaliencyTrainingResult",
    "SaliencyTrainingStatus",
    "StatusCallback",
    "label_spans",
    "label_text",
    "train_saliency",
]
