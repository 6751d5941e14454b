"""Examples of each verb, as the help shows them. A test hands each one to the parser."""

from __future__ import annotations

EXAMPLES = {
    "inspect": ("cotpress inspect traces.jsonl", "cotpress inspect data/ --tokenizer Qwen/Qwen2.5-0.5B --json"),
    "rate": (
        "cotpress rate samples.jsonl -o rated.jsonl",
        "cotpress rate samples.jsonl -o rated.jsonl --student Qwen/Qwen2.5-0.5B",
    ),
    "compress": (
        "cotpress compress traces.jsonl -o out",
        "cotpress compress traces.jsonl -o out --criterion nll --keep 0.9,0.5",
        "cotpress compress agents.jsonl -o out --keep 0.5 --budget-per conversation",
        "cotpress compress samples.jsonl -o out --keep 0.5 --budget-by difficulty",
        "cotpress compress org/name:train -o out --limit 5000 --shuffle",
        "cotpress compress traces.jsonl -o out --push alice/short-traces",
    ),
    "rewrite": (
        "cotpress rewrite traces.jsonl -o out --level edit",
        "cotpress rewrite traces.jsonl -o out --level fuse --keep 0.5",
        "cotpress rewrite traces.jsonl -o out --push alice/short-traces --public",
        "cotpress rewrite traces.jsonl -o out --rewriter openai --model NAME --batch",
    ),
    "show": ("cotpress show out", "cotpress show out --worst equations --html pairs.html"),
    "measure": ("cotpress measure out", "cotpress measure out other --reference short.jsonl --json"),
    "push": ("cotpress push out alice/short-traces", "cotpress push out alice/short-traces --public"),
    "train": (
        "cotpress train out --student Qwen/Qwen2.5-0.5B-Instruct -o student",
        "cotpress train out --student world-llama -o student --epochs 3 --seed 1",
    ),
    "evaluate": (
        "cotpress evaluate student --benchmark gsm8k -o scores",
        "cotpress evaluate student --preset math500 --log inspect -o scores",
    ),
    "sweep": ("cotpress sweep study.yaml -o runs/study --plan", "cotpress sweep demo -o runs/demo --workers 2"),
    "advise": (
        "cotpress advise --domain math --regime long",
        "cotpress advise --domain math --regime long --study runs/study --json",
    ),
    "benchmarks": ("cotpress benchmarks", "cotpress evaluate student --benchmark gsm8k -o scores"),
    "train-saliency": (
        "cotpress train-saliency out --encoder xlm-roberta-base -o saliency",
        "cotpress compress traces.jsonl -o out --criterion saliency --model FOLDER",
    ),
    "levels": ("cotpress levels", "cotpress rewrite traces.jsonl -o out --level preserve"),
    "criteria": ("cotpress criteria", "cotpress compress traces.jsonl -o out --criterion entropy --keep 0.5"),
    "checks": ("cotpress checks", "cotpress show out --rejected"),
    "gauges": ("cotpress gauges", "cotpress show out --worst equations"),
    "formats": ("cotpress formats", "cotpress compress traces.jsonl -o out --export sharegpt"),
    "backends": ("cotpress backends", "cotpress evaluate NAME --backend openai --benchmark gsm8k -o scores"),
    "protections": ("cotpress protections", "cotpress compress traces.jsonl -o out --protect symbols"),
    "sources": ("cotpress sources", "cotpress compress traces.jsonl -o out --criterion nll --model FOLDER"),
    "figures": ("cotpress figures", "cotpress report runs/study"),
    "verdicts": ("cotpress verdicts", "cotpress report runs/study"),
    "report": ("cotpress report runs/study", "cotpress report runs/study -o page --sample 30 --title Study"),
    "demo": ("cotpress demo", "cotpress demo -o runs/first"),
    "help": ("cotpress help compress", "cotpress help world sample"),
    "world": ("cotpress world sample -o traces.jsonl", "cotpress world train-base --help"),
    "world sample": (
        "cotpress world sample -o traces.jsonl -n 20",
        "cotpress world sample -o short.jsonl --domain general --regime short",
    ),
    "world train-base": (
        "cotpress world train-base -o models",
        "cotpress world train-base -o models --only world-llama",
    ),
    "": ("cotpress compress traces.jsonl -o out", "cotpress show out"),
}


def format_examples(verb: str) -> str:
    """The examples of a verb, for the end of its help; "" stands for `cotpress` itself.

    >>> print(format_examples("demo"))
    Examples:
      cotpress demo
      cotpress demo -o runs/first
    """
    return "\n".join(["Examples:", *(f"  {example}" for example in EXAMPLES[verb])])
