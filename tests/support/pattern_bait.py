"""Every regular expression of the package, and texts on which a careless one takes longer than linear time."""

from __future__ import annotations

import ast
import importlib
import inspect
import itertools
import re
import signal
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]
from types import FrameType, ModuleType
from typing import Any

import cotpress
from cotpress.text.language_words import LANGUAGES

AnyPattern = re.Pattern[str] | re.Pattern[bytes]
MAX_UNITS = 24  # units of bait of one pattern
SUSPICIOUS_SECONDS = 4e-7  # seconds a character, beyond which a second look is taken
ATTEMPTS = 4  # measurements, all of which must be slow
TIME_LIMIT = 0.2  # seconds for one text
COMMON_UNITS = (" ", "\n", "a", "1", "-", "(", "\\", "a ", "1,", "\n ", " \n")
POISON = "\x00"  # a character that hardly any pattern matches: what came before it is then tried in every way


class TookTooLongError(Exception):
    """A match was still under way when its time was over."""


@dataclass(frozen=True)
class AuditedPattern:
    """A pattern, where it was found, and whether it is only ever matched at one place of a text."""

    name: str
    pattern: AnyPattern
    anchored: bool


def collect_patterns() -> list[AuditedPattern]:
    """The patterns that modules hold, also in tuples, mappings and dataclasses, or in functions that compile them
    once; and those that are written into calls of `re` within functions."""
    found: dict[AnyPattern, str] = {}
    uses: dict[AnyPattern, set[str]] = {}
    for module in _import_all():
        tree = _parse_source(module)
        for pattern, use in _find_uses(module, tree):
            uses.setdefault(pattern, set()).add(use)
        for name, pattern in itertools.chain(_held_patterns(module), _written_patterns(tree)):
            found.setdefault(pattern, f"{module.__name__}.{name}")
    return [
        AuditedPattern(name, pattern, bool(uses.get(pattern)) and uses[pattern] <= {"match", "fullmatch"})
        for pattern, name in found.items()
    ]


def _import_all() -> Iterator[ModuleType]:
    """The modules that use patterns; importing all would load torch."""
    root = Path(str(cotpress.__file__)).parent
    for path in sorted(root.rglob("*.py")):
        if re.search(r"\bre\.|\.(?:match|fullmatch|search|sub|findall|finditer)\b", path.read_text(encoding="utf-8")):
            with suppress(ImportError):  # of an optional library
                name = ".".join(path.relative_to(root.parent).with_suffix("").parts).removesuffix(".__init__")
                if not name.endswith("__main__"):
                    yield importlib.import_module(name)


def _parse_source(module: ModuleType) -> ast.AST:
    return ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


def _find_uses(module: ModuleType, tree: ast.AST) -> Iterator[tuple[AnyPattern, str]]:
    """(pattern, method) for each `NAME.method` where NAME is a pattern; (pattern, "?") where it is handed on."""
    bases = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            value = vars(module).get(node.id)
            if isinstance(value, re.Pattern):
                yield value, bases.get(id(node), "?")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            compiled = _compile_once(vars(module).get(node.func.id))
            if isinstance(compiled, re.Pattern):
                yield compiled, bases.get(id(node), "?")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield from ((pattern, node.func.attr) for pattern in _compile_literal(node.func.value))
            if node.func.attr in ("match", "fullmatch"):
                yield from ((pattern, node.func.attr) for pattern in _compile_literal(node))
        elif isinstance(node, ast.FunctionDef):
            yield from _find_local_uses(module, node)


def _find_local_uses(module: ModuleType, function: ast.FunctionDef) -> Iterator[tuple[AnyPattern, str]]:
    """The same for `NAME.method` where a function of a language, called in the same function, gave NAME its value."""
    given: dict[str, list[AnyPattern]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Name) and isinstance(
                compiled := _compile_once(vars(module).get(called.id)), list
            ):
                given[node.targets[0].id] = list(_find_within(compiled))
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield from ((pattern, node.attr) for pattern in given.get(node.value.id, ()))


def _held_patterns(module: ModuleType) -> Iterator[tuple[str, AnyPattern]]:
    for name, value in list(vars(module).items()):
        for pattern in _find_within(_compile_once(value)):
            yield name, pattern


def _compile_once(value: Any) -> Any:
    """What a cached function compiles, for all languages where it takes one; anything else as it is."""
    if "Pattern" in str(getattr(value, "__annotations__", {}).get("return", "")) and hasattr(value, "cache_info"):
        names = list(inspect.signature(value).parameters)
        if not names:
            return value()
        if names[0] == "language":
            flags = list(itertools.product((False, True), repeat=len(names) - 1))
            return [value(language, *more) for more in flags for language in LANGUAGES]
    return value


def _find_within(value: Any) -> Iterator[AnyPattern]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for item in itertools.chain(value, value.values()):
            yield from _find_within(item)
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _find_within(item)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        for name in value.__dataclass_fields__:
            yield from _find_within(getattr(value, name, None))


def _written_patterns(tree: ast.AST) -> Iterator[tuple[str, AnyPattern]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from ((f"line {node.lineno}", pattern) for pattern in _compile_literal(node))


def _compile_literal(node: ast.AST) -> Iterator[AnyPattern]:
    """The pattern of a call such as `re.sub(r"a+", ...)`, where it is a literal without flags."""
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str | bytes)
        and not any("re." in ast.unparse(given) for given in [*node.args[1:], *(k.value for k in node.keywords)])
    ):
        yield re.compile(node.args[0].value)


def find_slow_text(audited: AuditedPattern, size: int = 2000, factor: float = 3.0) -> str | bytes | None:
    """A text on which matching takes more than `factor` times what is linear, from `size` to eight times it; None where
    there is none."""
    for at, seconds in enumerate(measure(audited, size)):
        if seconds > size * SUSPICIOUS_SECONDS:
            small, large = (_take_bait(audited, characters, at) for characters in (size, 8 * size))
            if _is_superlinear(audited, small, large, factor * 8):
                return large
    return None


def _is_superlinear(audited: AuditedPattern, small: str | bytes, large: str | bytes, most: float) -> bool:
    """Whether the larger text takes over `most` times as long in every attempt.

    A quadratic pattern takes 64 times as long and a linear one 8 times. The shorter text is matched twice as often, so
    that one slow measurement of it does not hide a slow pattern.
    """
    least_small = least_large = float("inf")
    for _ in range(ATTEMPTS):
        least_small = min(least_small, _match_all(audited, small), _match_all(audited, small))
        if least_small == float("inf"):
            return True
        least_large = min(least_large, _match_all(audited, large))
        if least_large <= most * least_small:
            return False
    return True


def _take_bait(audited: AuditedPattern, size: int, at: int) -> str | bytes:
    return next(itertools.islice(generate_bait(audited.pattern, size), at, None))


def measure(audited: AuditedPattern, size: int) -> Iterator[float]:
    """Seconds for each text of that size; infinity where it takes over TIME_LIMIT."""
    for text in generate_bait(audited.pattern, size):
        yield _match_all(audited, text)


def _match_all(audited: AuditedPattern, text: Any) -> float:
    """Processor seconds for all matches of a text, or for those at its beginning: other work is not counted."""
    began = time.thread_time()
    try:
        with limit_time(TIME_LIMIT):
            if audited.anchored:
                audited.pattern.match(text)
                audited.pattern.fullmatch(text)
            else:
                deque(audited.pattern.finditer(text), 0)
    except TookTooLongError:
        return float("inf")
    return time.thread_time() - began


def generate_bait(pattern: AnyPattern, size: int) -> Iterator[str | bytes]:
    """Texts of about `size` characters that nearly match: what the pattern repeats, its words and its characters,
    repeated, by themselves and behind an example, with an end that cannot match."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    tree = parser.parse(source, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags)
    for unit, head in itertools.product(_units(tree), dict.fromkeys(["", _example(tree)])):
        text = head + unit * (size // len(unit)) + POISON
        yield text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")


def _units(tree: Any) -> list[str]:
    repeated = [unit for unit in _repeated(tree) if unit]
    characters = list(dict.fromkeys("".join(_examples(tree))))
    pairs = ["".join(pair) for pair in itertools.permutations(characters[:5], 2)]
    return list(dict.fromkeys([*repeated, *COMMON_UNITS, *characters, _example(tree) or "a", *pairs]))[:MAX_UNITS]


def _repeated(tree: Any) -> Iterator[str]:
    """Examples of what stands under a repetition, the innermost last."""
    for operation, argument in tree:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            yield _example(argument[2])
            yield _example(argument[2], last=True)
        for inner in _subpatterns(name, argument):
            yield from _repeated(inner)


def _subpatterns(name: str, argument: Any) -> list[Any]:
    if name == "BRANCH":
        return list(argument[1])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return [argument[2]]
    if name == "SUBPATTERN":
        return [argument[3]]
    if name == "ATOMIC_GROUP":
        return [argument]
    if name in ("ASSERT", "ASSERT_NOT"):
        return [argument[1]]
    return []


def _examples(tree: Any) -> Iterator[str]:
    for operation, argument in tree:
        name = str(operation)
        yield _one(name, argument, last=False)
        yield _one(name, argument, last=True)
        for inner in _subpatterns(name, argument):
            yield from _examples(inner)


def _example(tree: Any, last: bool = False) -> str:
    """A short text that a pattern may match; `last` takes the last of alternatives."""
    return "".join(_one(str(operation), argument, last) for operation, argument in tree)


_CATEGORIES = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_SPACE": "a"}


def _one(name: str, argument: Any, last: bool) -> str:
    if name == "LITERAL":
        return chr(argument)
    if name in ("ANY", "NOT_LITERAL"):
        return "a" if argument != ord("a") else "b"
    if name == "IN":
        return _member(argument, last)
    if name == "BRANCH":
        return _example(argument[1][-1 if last else 0], last)
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        return _example(argument[2], last) * max(1, min(argument[0], 3))
    if name in ("SUBPATTERN", "ATOMIC_GROUP"):
        return _example(argument[3] if name == "SUBPATTERN" else argument, last)
    return ""


def _member(members: list[Any], last: bool) -> str:
    if str(members[0][0]) == "NEGATE":
        pattern = re.compile("[^" + "".join(_class_source(*member) for member in members[1:]) + "]")
        return next((character for character in "a1 -.(\n" if pattern.match(character)), "~")
    operation, argument = members[-1 if last else 0]
    if str(operation) == "LITERAL":
        return chr(argument)
    if str(operation) == "RANGE":
        return chr(argument[0])
    return _CATEGORIES.get(str(argument), "~")


def _class_source(operation: Any, argument: Any) -> str:
    if str(operation) == "LITERAL":
        return re.escape(chr(argument))
    if str(operation) == "RANGE":
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[str(argument).rpartition("_")[2]]
    return "\\" + (letter.upper() if "_NOT_" in str(argument) else letter)


@contextmanager
def limit_time(seconds: float) -> Iterator[None]:
    """Raise TookTooLongError after so many seconds, in the middle of a match too."""

    def stop(signal_number: int, frame: FrameType | None) -> None:
        raise TookTooLongError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
