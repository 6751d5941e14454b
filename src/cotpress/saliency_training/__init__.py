"""Training a saliency classifier, the LLMLingua-2 way: labels from pairs of original and shortened reasoning."""

from cotpress.saliency_training.fitting import Step, Watch
from cotpress.saliency_training.labels import Labels, labels_of_spans, labels_of_text
from cotpress.saliency_training.recipe import SaliencyRecipe
from cotpress.saliency_training.training import Report, train_saliency

__all__ = [
    "Labels",
    "Report",
    "SaliencyRecipe",
    "Step",
    "Watch",
    "labels_of_spans",
    "labels_of_text",
    "train_saliency",
]
