"""`cotpress train`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from cotpress.cli.options.choices import PATHS
from cotpress.cli.options.model_options import TrainedModelOptions
from cotpress.number_formatting import count_noun

if TYPE_CHECKING:
    from cotpress.training import StudentSpec, TrainingRecipe

STUDENT_GROUP = Group("Who is trained", sort_key=1)
RECIPE_GROUP = Group("How it is trained (in place of what the recipe says)", sort_key=2)
OUTPUT_GROUP = Group("Output", sort_key=3)


@Parameter(name="*", group=STUDENT_GROUP)
@dataclass(frozen=True)
class TrainedStudentOptions:
    """The student."""

    student: Annotated[str, PATHS]
    "Hub id, folder, .gguf file, or an embedded model: world-llama, world-qwen2."
    chat_template: Path | None = None
    "Jinja file in place of the student's own chat template."
    run: TrainedModelOptions = TrainedModelOptions()  # noqa: RUF009 (frozen)

    def build_student(self) -> StudentSpec:
        """The student as it is trained."""
        from cotpress.training import StudentSpec

        return StudentSpec(self.run.build_spec(self.student), self.chat_template)


@Parameter(name="*", group=RECIPE_GROUP)
@dataclass(frozen=True)
class RecipeOptions:
    """A recipe, and what is changed in it."""

    recipe: str = ""
    "Name or YAML file; by default the one made for the student, else default."
    epochs: float | None = None
    "Times that every example is seen."
    max_steps: int | None = None
    "Optimizer steps, in place of epochs."
    learning_rate: float | None = None
    "Peak rate."
    batch_size: int | None = None
    "Examples run together."
    accumulation: int | None = None
    "Batches that make a step."
    max_length: int | None = None
    "Tokens of prompt and completion; a longer example is rejected."
    lora_rank: int | None = None
    "Rank of the adapter."
    seed: int | None = None
    "Seed of order and adapter."
    save_steps: int | None = None
    "Steps between checkpoints, from which a stopped run continues."
    packing: bool | None = None
    "Fill rows of max-length tokens with several examples."
    gradient_checkpointing: bool | None = None
    "Less memory, about a quarter slower."
    full: bool | None = None
    "Train all weights instead of an adapter."
    merge: bool | None = None
    "Write the model with the adapter merged in as well."
    report_to: Annotated[tuple[str, ...], Parameter(negative=())] = ()
    "Trackers: tensorboard, wandb, trackio ..."

    def build_recipe(self, student: str) -> TrainingRecipe:
        """The recipe with the changes."""
        from cotpress.training import find_recipe_name, load_recipe

        apart = ("recipe", "lora_rank", "report_to")
        changes = {key: value for key, value in asdict(self).items() if value is not None and key not in apart}
        if self.lora_rank is not None:
            changes["lora"] = {"rank": self.lora_rank}
        if self.report_to:
            changes["trackers"] = list(self.report_to)
        return load_recipe(self.recipe or find_recipe_name(student), changes)


@Parameter(name="*", group=OUTPUT_GROUP)
@dataclass(frozen=True)
class TrainingOutputOptions:
    """Where the student goes."""

    output: Annotated[Path, Parameter(name=["--output", "-o"])]
    "Folder for the adapter or model, rejected.jsonl and training.json."
    force: Annotated[bool, Parameter(negative=())] = False
    "Replace what an earlier training left."
    quiet: Annotated[bool, Parameter(name=["--quiet", "-q"], negative=())] = False
    "No progress."
    json: Annotated[bool, Parameter(negative=())] = False
    "Print training.json on standard output."


def train(
    *inputs: Annotated[str, Parameter(required=True), PATHS],
    who: TrainedStudentOptions,
    to: TrainingOutputOptions,
    how: RecipeOptions = RecipeOptions(),
) -> None:
    """Fine-tune a student on training sets, with the loss on the completions alone.

    Parameters
    ----------
    inputs
        Output folders of compress or rewrite, or their sft.jsonl in any export format.
    """
    from cotpress.cli.display.console_output import print_json
    from cotpress.progress.display import create_progress
    from cotpress.training import is_main_process
    from cotpress.training import train as run

    recipe = how.build_recipe(who.student)
    progress = create_progress(to.quiet or not is_main_process(), "step")
    done = run(inputs, who.build_student(), to.output, recipe, force=to.force, progress=progress)
    if not is_main_process():
        return
    if to.json:
        print_json(done.to_dict())
    else:
        _print_training(done.to_dict(), to.output)


def _print_training(result: Mapping[str, Any], output: Path) -> None:
    data, seconds = result["data"], result["seconds"]
    print(f"{count_noun(data['examples'], 'example')} trained on, {data['rejected']} rejected")
    if data["rejected"]:
        print("rejected: " + ", ".join(f"{count} {what}" for what, count in data["rejected_reasons"].items()))
    share = f"{result['trained_parameters']:,} of {result['parameters']:,} parameters ({result['method']})"
    print(
        f"{count_noun(result['steps'], 'step')}, {count_noun(result['tokens'], 'token')}, {share} on {result['device']}"
    )
    first, last = result["loss"][0]["loss"], result["final_loss"]
    print(f"loss {first:.3f} -> {last:.3f}, {result['tokens'] / max(seconds, 1e-9):,.0f} tokens/s")
    print(f"written to {output} in {seconds:.1f} s")
