"""Records refuse what is no text, and show themselves in a line."""

from __future__ import annotations

from typing import Any

import pytest

from cotpress import errors, tables
from cotpress.errors import OptionError
from cotpress.traces import FieldNames
from cotpress.types import Rejected, Trace

TEXTS = ("id", "question", "reasoning", "answer", "system")


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    ("value", "kind"), [(None, "it is None"), (5, "it is of type int"), (b"x", "it is of type bytes")]
)
def test_a_trace_refuses_what_is_no_text(name: str, value: Any, kind: str) -> None:
    parts: dict[str, Any] = {"id": "7", "question": "2+3?", "reasoning": "It is 5.", name: value}
    with pytest.raises(OptionError, match=rf"Trace\({name}=\.\.\.\) must be text; {kind}"):
        Trace(**parts)


@pytest.mark.parametrize("name", ["gold", "domain", "regime"])
def test_what_may_be_missing_may_be_none_but_no_number(name: str) -> None:
    parts: dict[str, Any] = {name: 5}
    assert getattr(Trace("7", "2+3?", "It is 5."), name) is None
    with pytest.raises(OptionError, match=f"{name}="):
        Trace("7", "2+3?", "It is 5.", **parts)


def test_a_rejection_and_field_names_refuse_what_is_no_text() -> None:
    wrong: Any = 5
    with pytest.raises(OptionError, match="Rejected"):
        Rejected("cut-off", wrong)
    with pytest.raises(OptionError, match=r"FieldNames\(gold=\.\.\.\) must name a field; it is of type int"):
        FieldNames(gold=wrong)


def test_a_long_text_is_cut_in_the_repr_and_defaults_are_left_out() -> None:
    shown = repr(Trace("7", "2+3?", "so " * 1000, gold="5"))
    assert shown.startswith("Trace(id='7', question='2+3?', reasoning='so so ")
    assert shown.endswith("... (3,000 characters)', gold='5')")
    assert len(shown) < 200
    assert repr(Rejected("cut-off", "No end.", line=3)) == "Rejected(reason='cut-off', detail='No end.', line=3)"


@pytest.mark.parametrize(("old", "new"), sorted(errors._RENAMED.items()))
def test_errors_by_their_old_names_work_with_a_warning(old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"{old} is now {new}"):
        assert getattr(errors, old) is getattr(errors, new)
    assert issubclass(getattr(errors, new), errors.CotpressError)


def test_tables_are_read_by_the_old_name_too() -> None:
    with pytest.warns(DeprecationWarning, match="read_study_tables"):
        assert tables.read_tables is tables.read_study_tables
    for module in (errors, tables):
        with pytest.raises(AttributeError, match="nothing"):
            _ = module.nothing


def test_the_tree_of_errors_in_the_docstring_is_the_one_in_the_code() -> None:
    tree = errors.__doc__ or ""
    classes = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)]
    for error in classes:
        [line] = [line for line in tree.splitlines() if f" {error.__name__} " in f"{line} "]
        assert str(error.exit_code) in line.replace(error.__name__, "")
