"""The benchmarks by name. A new one is a function that reads a row, and an entry here."""

from __future__ import annotations

from typing import Any

from cotpress.errors import OptionError
from cotpress.evaluation.benchmarks import general_benchmarks, math_benchmarks
from cotpress.evaluation.benchmarks.item import Benchmark, HubDataset
from cotpress.registry import Registry

ARXIV_URL = "https://arxiv.org/abs/"
AOPS_URL = "https://artofproblemsolving.com/wiki/index.php/"
WORLD_SOURCE = "cotpress.world"

_ALL_BENCHMARKS = (
    Benchmark(
        "gsm8k",
        "math",
        HubDataset("openai/gsm8k", "main", "test"),
        math_benchmarks.gsm8k,
        f"{ARXIV_URL}2110.14168",
        "grade-school word problems",
        "question, answer (ending in '#### NUMBER')",
    ),
    Benchmark(
        "math500",
        "math",
        HubDataset("HuggingFaceH4/MATH-500", split="test"),
        math_benchmarks.math500,
        f"{ARXIV_URL}2305.20050",
        "500 competition problems out of MATH",
        "problem, answer",
    ),
    Benchmark(
        "amc23",
        "math",
        HubDataset("math-ai/amc23", split="test"),
        math_benchmarks.amc23,
        f"{AOPS_URL}AMC_12_Problems_and_Solutions",
        "40 problems of the AMC 12 of 2023",
        "question or problem, answer",
    ),
    Benchmark(
        "aime24",
        "math",
        HubDataset("HuggingFaceH4/aime_2024", split="train"),
        math_benchmarks.aime,
        f"{AOPS_URL}AIME_Problems_and_Solutions",
        "the 30 problems of the AIME of 2024",
        "problem or question, answer",
    ),
    Benchmark(
        "aime25",
        "math",
        HubDataset("math-ai/aime25", split="test"),
        math_benchmarks.aime,
        f"{AOPS_URL}AIME_Problems_and_Solutions",
        "the 30 problems of the AIME of 2025",
        "problem or question, answer",
    ),
    Benchmark(
        "gpqa_diamond",
        "general",
        HubDataset("Idavidrein/gpqa", "gpqa_diamond", "train"),
        general_benchmarks.gpqa_diamond,
        f"{ARXIV_URL}2311.12022",
        "198 graduate questions of physics, chemistry and biology",
        "Question, Correct Answer, Incorrect Answer 1, Incorrect Answer 2, Incorrect Answer 3",
    ),
    Benchmark(
        "mmlu_pro",
        "general",
        HubDataset("TIGER-Lab/MMLU-Pro", split="test"),
        general_benchmarks.mmlu_pro,
        f"{ARXIV_URL}2406.01574",
        "exam questions of 14 fields, up to 10 options",
        "question, options (a list), answer (a letter)",
    ),
    Benchmark(
        "natural_reasoning",
        "general",
        HubDataset("facebook/natural_reasoning", split="train"),
        general_benchmarks.natural_reasoning,
        f"{ARXIV_URL}2502.13124",
        "open questions of many fields, from the web",
        "question, reference_answer",
        skips_unanswered=True,
    ),
    Benchmark(
        "csqa",
        "general",
        HubDataset("tau/commonsense_qa", split="validation"),
        general_benchmarks.csqa,
        f"{ARXIV_URL}1811.00937",
        "common sense, 5 options",
        "question, choices (label, text), answerKey; or instruction, label",
    ),
    Benchmark(
        "openbookqa",
        "general",
        HubDataset("allenai/openbookqa", "main", "test"),
        general_benchmarks.openbookqa,
        f"{ARXIV_URL}1809.02789",
        "elementary science, 4 options",
        "question_stem, choices (label, text), answerKey; or instruction, label",
    ),
    Benchmark(
        "strategyqa",
        "general",
        HubDataset("ChilleD/StrategyQA", split="test"),
        general_benchmarks.strategyqa,
        f"{ARXIV_URL}2101.02235",
        "yes or no, by steps that the question does not spell out",
        "question, answer (true or false); or instruction, label",
    ),
    Benchmark(
        "world_math",
        "math",
        None,
        math_benchmarks.world_math,
        WORLD_SOURCE,
        "chains of calculations, drawn by seed",
        "",
    ),
    Benchmark(
        "world_general",
        "general",
        None,
        general_benchmarks.world_general,
        WORLD_SOURCE,
        "deductions with 4 options, drawn by seed",
        "",
    ),
)


def _adapt_benchmark(name: str, entry: Any) -> Benchmark:
    if isinstance(entry, Benchmark):
        return entry
    raise OptionError(f"The benchmark '{name}' is a {type(entry).__name__}.", "Give a Benchmark.")


BENCHMARKS: Registry[Benchmark] = Registry("benchmark", "cotpress.benchmarks", adapt=_adapt_benchmark)
for _benchmark in _ALL_BENCHMARKS:
    BENCHMARKS.add(_benchmark.name, _benchmark)
