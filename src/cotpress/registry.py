"""One kind of registry for all that others may add to: criteria, formats, levels, benchmarks and the like.

A name is looked up among what comes with cotpress, what was added from Python, and what installed plugins offer
through entry points. `module:name` means an object of that module, which needs no registration.
"""

from __future__ import annotations

import difflib
import importlib
import logging
import pkgutil
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from importlib.metadata import EntryPoint
from pathlib import PurePath
from types import ModuleType
from typing import Any, Generic, TypeVar, cast

from cotpress.entry_points import find_entry_points
from cotpress.errors import CotpressError, OptionError, build_unknown_name_error

T = TypeVar("T")
R = TypeVar("R")
_logger = logging.getLogger("cotpress")


class Registry(Mapping[str, T], Generic[T]):
    """Entries of one kind by their names. Nothing is loaded before the first look-up.

    Args:
        kind: what an entry is called in messages: "criterion".
        group: the entry points that plugins offer entries in: "cotpress.criteria".
        package: a package of ours whose modules `add` the entries that come with cotpress; "" where they are
            added by the module that makes the registry.
        adapt: turns a name and what a plugin or `module:name` gave into an entry; it raises OptionError for what
            cannot be one.

    >>> greetings = Registry[str]("greeting", "example.greetings")
    >>> greetings.add("short", "Hi")
    'Hi'
    >>> greetings.get_entry("shrot")
    Traceback (most recent call last):
    cotpress.errors.OptionError: There is no greeting 'shrot'. Did you mean 'short'? Known: short. One of your own is \
MODULE:NAME.
    """

    def __init__(self, kind: str, group: str, package: str = "", adapt: Callable[[str, Any], T] | None = None) -> None:
        self.kind, self.group = kind, group
        self._package, self._adapt = package, adapt
        self._entries: dict[str, T] = {}
        self._unlisted: dict[str, T] = {}  # what `module:name` and functions without a name gave
        self._builtin: frozenset[str] = frozenset()
        self._errors: dict[str, str] = {}  # names that cannot be used, and why
        self._plugins: dict[str, str] = {}
        self._warned: set[str] = set()
        self._loaded, self._loading = False, False
        self._lock = threading.RLock()

    def __repr__(self) -> str:
        return f"Registry({self.kind}: {', '.join(self._entries) if self._loaded else 'not loaded yet'})"

    def add(self, name: str, entry: T) -> T:
        """Add an entry under a name. It loads nothing, so that modules can add entries while they are imported.

        Before the first look-up an entry may not take a name of cotpress; the look-up then reports it. A later entry
        replaces an earlier one that was added from Python or by a plugin.

        Raises:
            OptionError: an entry that comes with cotpress has that name.
        """
        if name in self._builtin:
            raise OptionError(f"The {self.kind} '{name}' comes with cotpress.", "Give yours another name.")
        if self._loading and name in self._entries:  # added from Python before: neither may stand for the other
            self._errors[name] = f"The {self.kind} '{name}' was added from Python, but that name comes with cotpress."
        self._entries[name] = entry
        self._plugins.pop(name, None)
        return entry

    def remove(self, name: str) -> None:
        """Take out an entry that was added from Python or by a plugin.

        Raises:
            OptionError: it comes with cotpress, or there is none of that name.
        """
        self._load()
        if name in self._builtin:
            raise OptionError(f"The {self.kind} '{name}' comes with cotpress.", "It cannot be removed.")
        if name not in self._entries:
            raise build_unknown_name_error(self.kind, name, self._entries)
        del self._entries[name]
        self._plugins.pop(name, None)

    def get_entry(self, name: str) -> T:
        """The entry of that name, or the object that `module:name` means.

        Raises:
            OptionError: there is none (the nearest name is offered), or the plugin that offers it cannot be loaded.
        """
        self._load()
        if name in self._errors:
            raise OptionError(self._errors[name], f"Repair or remove what offers it. Known: {', '.join(self)}.")
        if name in self._entries:
            return self._entries[name]
        if ":" not in name:
            error = build_unknown_name_error(self.kind, name, self._entries)
            module, _, attribute = name.rpartition(".")
            own = f"One of your own is MODULE:NAME{f', such as {module}:{attribute}' * bool(module)}."
            raise OptionError(error.message, f"{error.hint} {own}")
        if name not in self._unlisted:
            self._unlisted[name] = self._adapt_object(name, import_object(name, self.kind))
        return self._unlisted[name]

    def name_object(self, given: Any) -> str:
        """The name under which `get_entry` gives an entry, or the function that one is made of.

        It is the name of an entry, else "module:name" where the object can be imported, so that other processes
        find it. What cannot be imported, such as a lambda, gets a name that only this process knows.

        Args:
            given: an entry, or anything that the registry's `adapt` makes one of.

        Raises:
            OptionError: it cannot be made an entry.
        """
        self._load()
        for entries in (self._entries, self._unlisted):
            for name, entry in entries.items():
                if given is entry or given is getattr(entry, "function", entry):
                    return name
        name = find_import_name(given)
        entry = self._adapt_object(name, given)
        while name in self._unlisted:  # two lambdas of one module have one name
            name += "'"
        self._unlisted[name] = entry
        return name

    def find_plugin(self, name: str) -> str:
        """The distribution that offers an entry; "" for what comes with cotpress or was added from Python."""
        self._load()
        return self._plugins.get(name, "")

    def run_entry(self, name: str, call: Callable[[], R]) -> R | None:
        """What `call` gives, which runs code of the entry of that name; None where code that is not ours raises.

        That is one warning, however often it happens. What comes with cotpress raises what it raises.

        >>> greetings = Registry[str]("greeting", "example.greetings")
        >>> greetings.run_entry("mine", lambda: 1 // 0) is None
        True
        """
        self._load()
        try:
            return call()
        except Exception as error:  # a plugin may raise anything
            if name in self._builtin:
                raise
            owner = f" of the plugin {self._plugins[name]}" if name in self._plugins else ""
            line = f"The {self.kind} '{name}'{owner} failed ({_summarize(error)})."
            if line not in self._warned:
                self._warned.add(line)
                _logger.warning("%s", line)
            return None

    def list_plugin_names(self) -> list[str]:
        """The names that installed plugins offer. No plugin is loaded for it, so a name may turn out broken."""
        return sorted({point.name for point in find_entry_points(self.group)})

    def __getitem__(self, name: str) -> T:
        self._load()
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(self._entries)

    def __len__(self) -> int:
        self._load()
        return len(self._entries)

    def _load(self) -> None:
        """Import what the package brings, then what plugins offer; once."""
        if self._loaded:
            return
        with self._lock:
            if self._loaded or self._loading:  # a module that is being imported may look something up
                return
            self._loading = True
            try:
                self._import_package()
            finally:
                self._loading = False
            self._loaded = True
            self._builtin = frozenset(self._entries)
            taken = set(self._entries)
            for point in sorted(find_entry_points(self.group), key=lambda point: point.name):
                self._load_plugin(point, taken)
                taken.add(point.name)

    def _import_package(self) -> None:
        if self._package:
            for module in pkgutil.iter_modules(importlib.import_module(self._package).__path__):
                importlib.import_module(f"{self._package}.{module.name}")

    def _load_plugin(self, point: EntryPoint, taken: Collection[str]) -> None:
        """Take in what a plugin offers; one that fails is one warning, and an error only for who asks for it.

        `taken` are the names of others. What a plugin's module adds under its own names when it is imported is its own.
        """
        owner = point.dist.name if point.dist else point.value
        if point.name in taken:
            line = f"The {self.kind} '{point.name}' of the plugin {owner} is left out: the name is taken."
            _logger.warning("%s", line)
            return
        try:
            self._entries[point.name] = self._adapt_object(point.name, point.load())
            self._plugins[point.name] = owner
        except (Exception, SystemExit) as error:  # a plugin may raise anything
            line = f"The {self.kind} '{point.name}' of the plugin {owner} cannot be loaded ({_summarize(error)})."
            self._errors[point.name] = line
            _logger.warning("%s", line)

    def _adapt_object(self, name: str, given: Any) -> T:
        return self._adapt(name, given) if self._adapt else cast(T, given)


def import_object(name: str, kind: str) -> Any:
    """The object that "package.module:name" means.

    Args:
        name: a module's import path, a colon, and the object's (possibly dotted) name in it.
        kind: what it is to be, for the message.

    Raises:
        OptionError: the module cannot be imported, or has no such object.

    >>> import_object("math:pi", "number")
    3.141592653589793
    """
    module, _, attribute = name.partition(":")
    if "<" in attribute:
        raise OptionError(
            f"The {kind} '{name}' exists only in the process that made it.",
            "Define it at the top level of a module, so that other processes can import it.",
        )
    if module.endswith(".py") or "/" in module:
        file = PurePath(module)
        raise OptionError(
            f"The {kind} '{name}' names a file, not a module.",
            f"Give {file.stem}:{attribute or 'NAME'}, in the folder of {file.stem}.py.",
        )
    try:
        target: Any = importlib.import_module(module)
        for part in attribute.split("."):
            target = getattr(target, part)
    except (Exception, SystemExit) as error:  # whatever the module's own code raises
        raise OptionError(
            f"The {kind} '{name}' cannot be imported ({_summarize(error)}).", _suggest_object(module, attribute, error)
        ) from error
    return target


def _suggest_object(module: str, attribute: str, error: BaseException) -> str:
    """What to type in place of "module:attribute" where that cannot be imported."""
    is_missing = isinstance(error, ModuleNotFoundError) and error.name and f"{module}.".startswith(f"{error.name}.")
    if not is_missing and module not in sys.modules:
        return f"The error is in the module {module}: mend it there."
    held = vars(sys.modules[module]) if module in sys.modules else {}
    names = [name for name, value in held.items() if name[:1] != "_" and not isinstance(value, ModuleType)]
    if close := difflib.get_close_matches(attribute, names, n=1, cutoff=0.5):
        return f"Did you mean '{module}:{close[0]}'?"
    if names:
        return f"That module has: {', '.join(sorted(names)[:12])}."
    return "Give MODULE:NAME of a module that Python finds, such as mine:keep_all of a file mine.py in this folder."


def find_import_name(given: Any) -> str:
    """ "module:name" of a function or of an object at the top level of the module that its function is in.

    What cannot be imported under its name gets one with angle brackets, which `import_object` refuses.

    >>> find_import_name(find_import_name)
    'cotpress.registry:find_import_name'
    >>> find_import_name(lambda: 1)
    'cotpress.registry:<lambda>'
    """
    function = getattr(given, "function", given)
    module = getattr(function, "__module__", None) or type(function).__module__
    name = getattr(function, "__qualname__", None) or type(function).__qualname__
    scope = vars(sys.modules[module]) if module in sys.modules else {}  # code that was run from a text has none
    if scope.get(name) is given:
        return f"{module}:{name}"
    return next(
        (f"{module}:{other}" for other, value in scope.items() if value is given),
        f"{module}:{name}" if "<" in name else f"{module}:<{name}>",
    )


def first_line(entry: Any) -> str:
    """The first line of what an object says of itself, "" where it says nothing.

    >>> first_line(first_line)
    'The first line of what an object says of itself, "" where it says nothing.'
    """
    return (getattr(entry, "__doc__", None) or "").strip().partition("\n")[0]


def _summarize(error: BaseException) -> str:
    text = " ".join(str(error).split())[:300]
    return text if isinstance(error, CotpressError) else f"{type(error).__name__}: {text}"
