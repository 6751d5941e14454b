"""Supervised fine-tuning of a student on prompts and completions, with the loss on the completions alone."""

from cotpress.train.folder import is_finished, read_training
from cotpress.train.progress import Progress
from cotpress.train.recipe import Lora, Recipe
from cotpress.train.recipes import load_recipe, recipe_for, recipe_names
from cotpress.train.run import train
from cotpress.train.student import Learner, Student
from cotpress.train.surroundings import is_main
from cotpress.train.training import Data, Point, Training

__all__ = [
    "Data",
    "Learner",
    "Lora",
    "Point",
    "Progress",
    "Recipe",
    "Student",
    "Training",
    "is_finished",
    "is_main",
    "load_recipe",
    "read_training",
    "recipe_for",
    "recipe_names",
    "train",
]
