"""`cotpress train`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Group, Parameter

from cotpress.wording import counted

if TYPE_CHECKING:
    from cotpress.train import Recipe, Student

STUDENT = Group("Who is trained", sort_key=1)
RECIPE = Group("How it is trained (in place of what the recipe says)", sort_key=2)
RESULT = Group("Output", sort_key=3)


@Parameter(name="*", group=STUDENT)
@dataclass(frozen=True)
class StudentOptions:
    """The student."""

    student: str
    "Hub id, folder, .gguf file, or an embedded model: world-llama, world-qwen2."
    revision: str = ""
    "Revision of the student on the hub."
    chat_template: Path | None = None
    "Jinja file in place of the student's own chat template."
    device: str = ""
    "cpu, cuda or mps; a GPU where there is one by default."
    trust_remote_code: Annotated[bool, Parameter(negative=())] = False
    "Let the student run code of its own."

    def named(self) -> Student:
        """The student as it is trained."""
        from cotpress.train import Student

        return Student(self.student, self.revision, self.chat_template, self.device, self.trust_remote_code)


@Parameter(name="*", group=RECIPE)
@dataclass(frozen=True)
class RecipeOptions:
    """A recipe, and what is changed in it."""

    recipe: str = ""
    "Name or YAML file; by default the one made for the student, else default."
    epochs: float | None = None
    "Times that every example is seen."
    steps: int | None = None
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

    def made(self, student: str) -> Recipe:
        """The recipe with the changes."""
        from cotpress.train import load_recipe, recipe_for

        apart = ("recipe", "lora_rank", "report_to")
        changes = {key: value for key, value in asdict(self).items() if value is not None and key not in apart}
        if self.lora_rank is not None:
            changes["lora"] = {"rank": self.lora_rank}
        if self.report_to:
            changes["trackers"] = list(self.report_to)
        return load_recipe(self.recipe or recipe_for(student), changes)


@Parameter(name="*", group=RESULT)
@dataclass(frozen=True)
class ResultOptions:
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
    inputs: Annotated[list[str], Parameter(negative=())],
    /,
    *,
    who: StudentOptions,
    to: ResultOptions,
    how: RecipeOptions = RecipeOptions(),
) -> None:
    """Fine-tune a student on training sets, with the loss on the completions alone.

    Parameters
    ----------
    inputs
        Output folders of compress or rewrite, or their sft.jsonl in any export format.
    """
    from cotpress.cli.progress import progress_for
    from cotpress.cli.show import print_json
    from cotpress.train import is_main
    from cotpress.train import train as run

    recipe = how.made(who.student)
    progress = progress_for(to.quiet or not is_main(), "step")
    done = run(inputs, who.named(), to.output, recipe, force=to.force, progress=progress)
    if not is_main():
        return
    if to.json:
        print_json(done.told())
    else:
        _print(done.told(), to.output)


def _print(told: Mapping[str, Any], output: Path) -> None:
    data, seconds = told["data"], told["seconds"]
    print(f"{counted(data['examples'], 'example')} trained on, {data['rejected']} rejected")
    if data["rejected"]:
        print("rejected: " + ", ".join(f"{count} {what}" for what, count in data["rejected_reasons"].items()))
    share = f"{told['trained_parameters']:,} of {told['parameters']:,} parameters ({told['method']})"
    print(f"{counted(told['steps'], 'step')}, {counted(told['tokens'], 'token')}, {share} on {told['device']}")
    first, last = told["loss"][0]["loss"], told["final_loss"]
    print(f"loss {first:.3f} -> {last:.3f}, {told['tokens'] / max(seconds, 1e-9):,.0f} tokens/s")
    print(f"written to {output} in {seconds:.1f} s")
