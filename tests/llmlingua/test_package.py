"""Against the package itself, number for number and word for word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

torch, transformers = pytest.importorskip("torch"), pytest.importorskip("transformers")

from cotpress.errors import LLMLinguaPackageError, ModelError  # noqa: E402
from cotpress.llmlingua import LLMLingua2  # noqa: E402

SENTENCE = "The sum of two numbers is 12, so we wait: let x be the first. Then 3x + 4 = 40, half of them remain. "
TEXTS = {
    "a sentence": SENTENCE,
    "several chunks": SENTENCE * 16,
    "no full stop": "wait so half of them remain " * 110,
    "formulas and lines": "Hmm, wait.\n\nIf $\\frac{x}{2} = 6$ then x = 12.\n\nSo the answer is \\boxed{12}.",
    "special tokens spelled out": "first <s> let </s> x [SEP] be [PAD] the <pad> sum [UNK].",
    "signs that look like marks": "## ### 3##4 ▁▁ ./ () a./b.",
    "other scripts": "数学 ½ naïve ☃ Élan.",
}
FAILING = {"unknown alone": "☃", "a control token": "the sum <|endoftext|> is 12."}
RATES = (0.9, 0.5, 0.33, 0.1, 1.0)


def encode(text: str) -> list[int]:
    """In place of GPT-3.5's tokenizer, which has to be fetched: a word of many letters has several tokens."""
    if "<|endoftext|>" in text:
        raise ValueError("disallowed special token")
    return list(range(1 + len(text) // 4))


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], Any]:
    """The package's compressor over a folder."""
    fake = SimpleNamespace(encoding_for_model=lambda name: SimpleNamespace(encode=encode))
    monkeypatch.setitem(sys.modules, "tiktoken", fake)
    llmlingua = pytest.importorskip("llmlingua", reason="the package is not installed")
    monkeypatch.setattr(sys.modules["llmlingua.prompt_compressor"], "tiktoken", fake)
    return lambda folder: llmlingua.PromptCompressor(str(folder), device_map="cpu", use_llmlingua2=True)


def weigh(word: str) -> int:
    return len(encode(word))


def said(result: dict[str, Any]) -> tuple[str, list[tuple[str, bool]]]:
    labelled = [one.rsplit(" ", 1) for one in result["fn_labeled_original_prompt"].split("\t\t|\t\t") if one]
    return result["compressed_prompt"], [(word, label == "1") for word, label in labelled]


@pytest.mark.parametrize("family", ["bert", "xlm-roberta"])
def test_the_words_kept_are_the_packages(
    family: str, classifier: Callable[[str], Path], package: Callable[[Path], Any]
) -> None:
    theirs, ours = package(classifier(family)), LLMLingua2(classifier(family), weigh=weigh)
    for name, text in TEXTS.items():
        known = ours.score_chunks(text)
        for rate in RATES:
            expected = said(theirs.compress_prompt_llmlingua2(text, rate=rate, return_word_label=True))
            found = ours.compress_text(text, rate, known)
            assert (found.text, list(zip(found.words, found.kept, strict=True))) == expected, (name, rate)


@pytest.mark.parametrize("family", ["bert", "xlm-roberta"])
def test_keep_probabilities_are_the_packages(
    family: str, classifier: Callable[[str], Path], package: Callable[[Path], Any]
) -> None:
    theirs, ours = package(classifier(family)), LLMLingua2(classifier(family), weigh=weigh)
    seen: list[Any] = []

    def watch(module: Any, args: Any, given: dict[str, Any], out: Any) -> None:
        seen.append(torch.softmax(out.logits, -1)[:, :, 1][given["attention_mask"]])

    theirs.model.register_forward_hook(watch, with_kwargs=True)
    for name, text in TEXTS.items():
        seen.clear()
        theirs.compress_prompt_llmlingua2(text, rate=0.5)
        found = np.concatenate([chunk.values for chunk in ours.score_chunks(text)])
        assert np.abs(found - torch.cat(seen).numpy()).max() < 1e-5, name
        assert found.std() > 0.01  # the models tell tokens apart


@pytest.mark.parametrize("name", FAILING)
def test_where_the_package_stops_so_it_is_said(
    name: str, classifier: Callable[[str], Path], package: Callable[[Path], Any]
) -> None:
    with pytest.raises((ValueError, IndexError)):
        package(classifier("bert")).compress_prompt_llmlingua2(FAILING[name], rate=0.5)
    with pytest.raises(LLMLinguaPackageError):
        LLMLingua2(classifier("bert"), weigh=weigh).compress_text(FAILING[name], 0.5)


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    from tiny_models import byte_tokenizer, save

    tokenizer = byte_tokenizer()
    config = transformers.GPT2Config(vocab_size=len(tokenizer), n_embd=32, n_layer=1, n_head=2, n_positions=512)
    folder = save(tmp_path, "AutoModelForTokenClassification", config, tokenizer)
    with pytest.raises(ModelError, match="gpt2"):
        LLMLingua2(folder, weigh=weigh).compress_text(SENTENCE, 0.5)


def test_a_table_that_cannot_be_fetched_is_said(
    classifier: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(name: str) -> None:
        raise OSError("no route to host")

    monkeypatch.setitem(sys.modules, "tiktoken", SimpleNamespace(encoding_for_model=offline))
    with pytest.raises(ModelError, match=r"OSError[\s\S]*TIKTOKEN_CACHE_DIR"):
        LLMLingua2(classifier("bert")).compress_text(SENTENCE, 0.5)
