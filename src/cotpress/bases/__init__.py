"""Making the embedded tiny models: the tokenizer, two base students with verbose habits, a saliency encoder."""

from cotpress.bases.corpus import Phase
from cotpress.bases.families import FAMILIES, encoder
from cotpress.bases.making import make_encoder, make_student, make_tokenizer
from cotpress.bases.pretraining import COURSES, Course, Step, pretrain
from cotpress.bases.storing import shrink, store
from cotpress.bases.tokenizer import train_tokenizer

__all__ = [
    "COURSES",
    "FAMILIES",
    "Course",
    "Phase",
    "Step",
    "encoder",
    "make_encoder",
    "make_student",
    "make_tokenizer",
    "pretrain",
    "shrink",
    "store",
    "train_tokenizer",
]
