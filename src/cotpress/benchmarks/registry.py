"""The benchmarks by name. A new one is a function that reads a row, and an entry here."""

from __future__ import annotations

from collections.abc import Mapping

from cotpress.benchmarks import general, mathematics
from cotpress.benchmarks.item import Benchmark, Hub

ARXIV = "https://arxiv.org/abs/"
AOPS = "https://artofproblemsolving.com/wiki/index.php/"
WORLD = "cotpress.world"

_ALL = (
    Benchmark(
        "gsm8k",
        "math",
        Hub("openai/gsm8k", "main", "test"),
        mathematics.gsm8k,
        f"{ARXIV}2110.14168",
        "grade-school word problems",
        "question, answer (ending in '#### NUMBER')",
    ),
    Benchmark(
        "math500",
        "math",
        Hub("HuggingFaceH4/MATH-500", split="test"),
        mathematics.math500,
        f"{ARXIV}2305.20050",
        "500 competition problems out of MATH",
        "problem, answer",
    ),
    Benchmark(
        "amc23",
        "math",
        Hub("math-ai/amc23", split="test"),
        mathematics.amc23,
        f"{AOPS}AMC_12_Problems_and_Solutions",
        "40 problems of the AMC 12 of 2023",
        "question or problem, answer",
    ),
    Benchmark(
        "aime24",
        "math",
        Hub("HuggingFaceH4/aime_2024", split="train"),
        mathematics.aime,
        f"{AOPS}AIME_Problems_and_Solutions",
        "the 30 problems of the AIME of 2024",
        "problem or question, answer",
    ),
    Benchmark(
        "aime25",
        "math",
        Hub("math-ai/aime25", split="test"),
        mathematics.aime,
        f"{AOPS}AIME_Problems_and_Solutions",
        "the 30 problems of the AIME of 2025",
        "problem or question, answer",
    ),
    Benchmark(
        "gpqa_diamond",
        "general",
        Hub("Idavidrein/gpqa", "gpqa_diamond", "train"),
        general.gpqa_diamond,
        f"{ARXIV}2311.12022",
        "198 graduate questions of physics, chemistry and biology",
        "Question, Correct Answer, Incorrect Answer 1, Incorrect Answer 2, Incorrect Answer 3",
    ),
    Benchmark(
        "mmlu_pro",
        "general",
        Hub("TIGER-Lab/MMLU-Pro", split="test"),
        general.mmlu_pro,
        f"{ARXIV}2406.01574",
        "exam questions of 14 fields, up to 10 options",
        "question, options (a list), answer (a letter)",
    ),
    Benchmark(
        "natural_reasoning",
        "general",
        Hub("facebook/natural_reasoning", split="train"),
        general.natural_reasoning,
        f"{ARXIV}2502.13124",
        "open questions of many fields, from the web",
        "question, reference_answer",
        gaps=True,
    ),
    Benchmark(
        "csqa",
        "general",
        Hub("tau/commonsense_qa", split="validation"),
        general.csqa,
        f"{ARXIV}1811.00937",
        "common sense, 5 options",
        "question, choices (label, text), answerKey; or instruction, label",
    ),
    Benchmark(
        "openbookqa",
        "general",
        Hub("allenai/openbookqa", "main", "test"),
        general.openbookqa,
        f"{ARXIV}1809.02789",
        "elementary science, 4 options",
        "question_stem, choices (label, text), answerKey; or instruction, label",
    ),
    Benchmark(
        "strategyqa",
        "general",
        Hub("ChilleD/StrategyQA", split="test"),
        general.strategyqa,
        f"{ARXIV}2101.02235",
        "yes or no, by steps that the question does not spell out",
        "question, answer (true or false); or instruction, label",
    ),
    Benchmark("world_math", "math", None, mathematics.world_math, WORLD, "chains of calculations, drawn by seed", ""),
    Benchmark(
        "world_general", "general", None, general.world_general, WORLD, "deductions with 4 options, drawn by seed", ""
    ),
)

BENCHMARKS: Mapping[str, Benchmark] = {one.name: one for one in _ALL}
