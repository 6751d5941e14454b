"""Making the embedded tiny models: the tokenizer, two base students with verbose habits, a saliency encoder."""

from cotpress.training.tiny_models.builders import (
    make_base_student,
    make_saliency_encoder,
    make_tokenizer,
    store_classifier,
    store_model,
)
from cotpress.training.tiny_models.families import FAMILIES, make_bert_classifier
from cotpress.training.tiny_models.pretraining import (
    PRETRAINING_PHASES,
    PretrainingPhase,
    PretrainingStatus,
    create_base_model,
    pretrain,
)
from cotpress.training.tiny_models.pretraining_data import DataMixture
from cotpress.training.tiny_models.tokenizer import train_tokenizer

__all__ = [
    "FAMILIES",
    "PRETRAINING_PHASES",
    "DataMixture",
    "PretrainingPhase",
    "PretrainingStatus",
    "create_base_model",
    "make_base_student",
    "make_bert_classifier",
    "make_saliency_encoder",
    "make_tokenizer",
    "pretrain",
    "store_classifier",
    "store_model",
    "train_tokenizer",
]
