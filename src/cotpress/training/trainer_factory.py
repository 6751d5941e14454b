"""Recipe, model and examples put together as TRL and PEFT want them. Imported when a training begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cotpress.errors import ModelError, OptionError, import_optional
from cotpress.models import summarize_error
from cotpress.progress import Progress
from cotpress.training.encoding import EncodedExample
from cotpress.training.recipe import TrainingRecipe
from cotpress.training.trainer import StudentTrainer, TrainingTotals

datasets, peft, transformers, trl = (
    import_optional(name, "train") for name in ("datasets", "peft", "transformers", "trl")
)


def make_trainer_config(recipe: TrainingRecipe, folder: Path, max_length: int, bf16: bool, cpu: bool) -> Any:
    """TRL's settings for a recipe. They cut nothing: every example fits."""
    packed = {"packing": True, "max_length": max_length}
    ready = {"max_length": None, "dataset_kwargs": {"skip_prepare_dataset": True}}
    config = trl.SFTConfig(
        output_dir=str(folder),
        num_train_epochs=recipe.epochs,
        max_steps=recipe.max_steps or -1,
        learning_rate=recipe.peak_learning_rate,
        lr_scheduler_type=recipe.schedule if recipe.schedule != "constant" else "constant_with_warmup",
        warmup_steps=recipe.warmup,
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.max_grad_norm,
        per_device_train_batch_size=recipe.batch_size,
        gradient_accumulation_steps=recipe.accumulation,
        gradient_checkpointing=recipe.gradient_checkpointing,
        bf16=bf16,
        use_cpu=cpu,
        seed=recipe.seed,
        logging_steps=recipe.log_steps,
        logging_nan_inf_filter=False,
        save_strategy="steps" if recipe.save_steps else "no",
        save_steps=recipe.save_steps or 1,
        save_total_limit=2,
        report_to=list(recipe.trackers) or "none",
        disable_tqdm=True,
        dataloader_pin_memory=not cpu,
        **(packed if recipe.packing else ready),
    )
    if config.n_gpu > 1:  # one process trains on one GPU; several are launched
        config._n_gpu = 1
    return config


def make_trainer(
    model: Any,
    tokenizer: Any,
    encoded: Sequence[EncodedExample],
    config: Any,
    watch: tuple[TrainingRecipe, Progress, Path | None],
) -> StudentTrainer:
    """A trainer over encoded examples. `watch` is the recipe, who is told, and the checkpoint to continue from.

    Raises:
        OptionError: the recipe names a tracker or a module that there is not.
    """
    recipe, progress, checkpoint = watch
    rows = {"input_ids": [example.ids for example in encoded], "labels": [example.labels for example in encoded]}
    try:
        trainer = StudentTrainer(
            recipe,
            progress,
            TrainingTotals.from_checkpoint(checkpoint),
            model=model,
            args=config,
            train_dataset=datasets.Dataset.from_dict(rows),
            processing_class=tokenizer,
            peft_config=None if recipe.full else make_lora_config(recipe),
        )
    except (ValueError, RuntimeError, ImportError) as error:
        if "pad_token" in str(error):
            raise ModelError(
                "The student's tokenizer has neither a token that pads nor one that ends.",
                "Set pad_token or eos_token in its tokenizer_config.json.",
            ) from error
        raise OptionError(f"The recipe cannot be followed: {summarize_error(error)}", "Change it there.") from error
    trainer.remove_callback(transformers.PrinterCallback)
    return trainer


def make_lora_config(recipe: TrainingRecipe) -> Any:
    """The adapter of a recipe as PEFT wants it."""
    targets = recipe.lora.targets
    return peft.LoraConfig(
        r=recipe.lora.rank,
        lora_alpha=recipe.lora_alpha,
        lora_dropout=recipe.lora.dropout,
        target_modules=targets if isinstance(targets, str) else list(targets),
        task_type="CAUSAL_LM",
    )
