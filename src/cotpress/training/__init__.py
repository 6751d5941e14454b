"""Supervised fine-tuning of a student on prompts and completions, with the loss on the completions alone."""

from cotpress.training.recipe import Lora, TrainingRecipe
from cotpress.training.recipe_files import find_recipe_name, list_recipe_names, load_recipe
from cotpress.training.result import LossPoint, TrainingData, TrainingResult
from cotpress.training.run import train
from cotpress.training.runtime import is_main_process
from cotpress.training.student_folder import is_finished, read_training_result
from cotpress.training.student_loader import StudentLoader, StudentSpec

__all__ = [
    "Lora",
    "LossPoint",
    "StudentLoader",
    "StudentSpec",
    "TrainingData",
    "TrainingRecipe",
    "TrainingResult",
    "find_recipe_name",
    "is_finished",
    "is_main_process",
    "list_recipe_names",
    "load_recipe",
    "read_training_result",
    "train",
]
