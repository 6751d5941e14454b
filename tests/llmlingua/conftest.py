"""Tiny classifiers in folders named as the package wants them, which tells the families apart by the path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_models import save, tiny_classifier

NAMES = {"bert": "bert-base-multilingual-cased", "xlm-roberta": "xlm-roberta-large"}


@pytest.fixture(scope="session")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a family's classifier."""
    pytest.importorskip("transformers")
    made: dict[str, Path] = {}

    def folder(family: str) -> Path:
        if family not in made:
            place = tmp_path_factory.mktemp("llmlingua") / NAMES[family]
            config, tokenizer = tiny_classifier(family, 512)
            made[family] = save(place, "AutoModelForTokenClassification", config, tokenizer)
        return made[family]

    return folder
