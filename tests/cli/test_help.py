"""Help texts: what is shown of options, examples that parse, the verb `help`, names that are not cut apart."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest
from command import cotpress

import cotpress as cotpress_package
from cotpress.analysis.advice.advice import GOALS
from cotpress.cli.app import VERBS, WORLD_VERBS, build_app
from cotpress.cli.help_examples import EXAMPLES
from cotpress.cli.options import choices
from cotpress.criteria.evidence import REDUCTIONS
from cotpress.models import DTYPES
from cotpress.pruning import GRANULARITIES
from cotpress.pruning.shortfall import SHORTFALL_POLICIES
from cotpress.rewriting import FALLBACKS, HINTS
from cotpress.scale.config import EXECUTOR_NAMES
from cotpress.text import FORMULA_MODES, STEP_MODES
from cotpress.types import DOMAINS, REGIMES

ALL_VERBS = [*VERBS, *(f"world {verb}" for verb in WORLD_VERBS)]


def _read_help(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cotpress(*words) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        (choices.GRANULARITIES, GRANULARITIES),
        (choices.SHORTFALLS, SHORTFALL_POLICIES),
        (choices.FORMULAS, FORMULA_MODES),
        (choices.STEP_MODES, STEP_MODES),
        (choices.REDUCTIONS, ("auto", *REDUCTIONS)),
        (choices.FALLBACKS, FALLBACKS),
        (choices.DOMAINS, DOMAINS),
        (choices.HINTS, HINTS),
        (choices.REGIMES, REGIMES),
        (choices.GOALS, GOALS),
        (choices.EXECUTORS, EXECUTOR_NAMES),
        (choices.DTYPES, DTYPES),
    ],
)
def test_the_choices_shown_are_those_that_are_known(shown: tuple[str, ...], known: tuple[str, ...]) -> None:
    assert sorted(shown) == sorted(known)


@pytest.mark.parametrize("verb", ALL_VERBS)
def test_defaults_are_shown_as_one_would_type_them(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    shown = re.findall(r"\[default:\s*([^]]*)\]", " ".join(_read_help(capsys, *verb.split(), "--help").split()))
    assert not [
        default for default in shown if not default.strip() or set(default) & set("()\"'") or default == "False"
    ]


@pytest.mark.parametrize("verb", ALL_VERBS)
def test_each_verb_shows_examples_that_parse(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    printed = _read_help(capsys, *verb.split(), "--help")
    assert len(EXAMPLES[verb]) >= 2
    for example in EXAMPLES[verb]:
        assert f"  {example}\n" in printed
        program, *words = shlex.split(example)
        assert program == "cotpress"
        build_app().parse_args(words, exit_on_error=False, print_error=False)


def test_choices_are_shown_as_choices(capsys: pytest.CaptureFixture[str]) -> None:
    printed = " ".join(_read_help(capsys, "compress", "--help").replace("│", " ").split())
    assert "[choices: step, token] [default: step]" in printed
    assert "--criterion NAME" in printed


def test_help_is_a_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert _read_help(capsys, "help") == _read_help(capsys, "--help")
    assert _read_help(capsys, "help", "world", "sample") == _read_help(capsys, "world", "sample", "--help")
    assert cotpress("help", "comprss") == 2
    assert 'Did you mean "compress"?' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "advise --domain maths --regime long",
            "--domain cannot be 'maths'. Did you mean 'math'? Known: gen",
        ),
        ("advise --domain math --regime lang", "Did you mean 'long'?"),
        ("advise --domain math --regime long --goal train", "Did you mean 'train-cost'?"),
        ("compress x -o y --granularity tokens", "--granularity cannot be 'tokens'. Did you mean 'token'?"),
        ("compress x -o y --steps sentences", "Did you mean 'sentence'?"),
        ("compress x -o y --shortfall fine", "Did you mean 'finer'?"),
        ("compress x -o y --formulas hole", "Did you mean 'whole'?"),
        ("compress x -o y --reduction men", "Did you mean 'mean'?"),
        ("compress x -o y --executor slurn", "Did you mean 'slurm'?"),
        ("compress x -o y --dtype float23", "Did you mean 'float32'?"),
        ("compress x -o y --auto --domain maths", "Did you mean 'math'?"),
        ("rewrite x -o y --fallback prnue", "Did you mean 'prune'?"),
        ("rewrite x -o y --domain maths", "Did you mean 'math'?"),
        ("world sample -o y --regime shrot", "Did you mean 'short'?"),
        ("show x --view side", "Did you mean 'sides'?"),
    ],
)
def test_a_wrong_choice_is_refused_with_the_nearest(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cotpress(*words.split()) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("width", [40, 80])
@pytest.mark.parametrize("verb", [verb for verb in VERBS if "listing:" not in VERBS[verb][0] and verb != "help"])
def test_no_name_of_an_option_is_cut_apart(
    verb: str, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    names = set(re.findall(r"--[a-z-]{3,}", _read_help(capsys, *verb.split(), "--help").partition("Examples:")[0]))
    monkeypatch.setenv("COLUMNS", str(width))
    printed = _read_help(capsys, *verb.split(), "--help")
    assert names
    assert not {name for name in names if not re.search(rf"{name}(?![a-z-])", printed)}
    frame = printed.partition("Examples:")[0].partition("\n\n")[2]
    assert max(map(len, frame.splitlines())) <= width


def test_verbs_are_listed_by_what_they_are_for_in_the_order_of_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    parts = re.split(r"╭─ (.+?) ─+╮", _read_help(capsys, "--help"))[1:]
    listed = {
        title: re.findall(r"^│ ([a-z][a-z-]*) ", text, re.MULTILINE)
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    }
    assert listed["Traces"] == ["inspect", "rate", "compress", "rewrite", "show", "measure", "push"]
    assert listed["Students and studies"][:4] == ["train", "evaluate", "sweep", "report"]
    assert {"criteria", "gauges", "formats"} <= set(listed["Lists of names"])
    assert sorted(name for names in listed.values() for name in names) == sorted({*VERBS, "world"})


def _list_options(verb: str) -> set[str]:
    app = build_app().parse_commands(verb.split())[1][-1]
    return {name for argument in app.assemble_argument_collection(parse_docstring=True) for name in argument.names}


@pytest.mark.parametrize(
    ("package", "verbs"),
    [
        ("training", ("train", "train-saliency", "world train-base")),
        ("evaluation", ("evaluate",)),
        ("rewriting", ("rewrite",)),
        ("gauges", ("compress", "rewrite")),
        ("traces", ("compress",)),
    ],
)
def test_hints_of_a_package_name_options_of_its_verbs(package: str, verbs: tuple[str, ...]) -> None:
    known = {name for verb in verbs for name in _list_options(verb)}
    texts = [
        node.value
        for path in (Path(cotpress_package.__file__).parent / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    own = [
        text for text in texts if not re.search(r"\b(compress|rewrite|inspect view)\b.* --", text)
    ]  # of another verb
    named = {name for text in own for name in re.findall(r"(?<![\w-])--[a-z]+(?:-[a-z]+)*", text)}
    assert named <= known
