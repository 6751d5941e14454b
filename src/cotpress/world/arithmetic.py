"""One calculation of a chain: its value, its notation, and the ways to tell, check and spoil it."""

from __future__ import annotations

import random
from dataclasses import dataclass

from cotpress.world.parts import Move

VERBS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
SPOKEN = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
CONFUSED = {"+": "-", "-": "+", "*": "+", "/": "*"}


@dataclass(frozen=True, slots=True)
class Notation:
    """How a trace writes arithmetic: its signs, and what stands around a formula."""

    times: str
    over: str
    opening: str = ""
    closing: str = ""

    def formula(self, text: str) -> str:
        """A formula written with + - * / = in this notation."""
        text = text.replace(" * ", f" {self.times} ").replace(" / ", f" {self.over} ")
        return f"{self.opening}{text}{self.closing}"


NOTATIONS = (
    Notation("×", "÷"),
    Notation("*", "/"),
    Notation(r"\times", r"\div", "$", "$"),
    Notation(r"\cdot", "/", r"\( ", r" \)"),
)


@dataclass(frozen=True, slots=True)
class Sum:
    """`left op right` over whole numbers; a division must come out even."""

    left: int
    op: str
    right: int

    @property
    def value(self) -> int:
        if self.op == "/":
            return self.left // self.right
        return {"+": self.left + self.right, "-": self.left - self.right, "*": self.left * self.right}[self.op]

    def text(self) -> str:
        return f"{self.left} {self.op} {self.right} = {self.value}"

    def spoken(self) -> str:
        return f"{self.left} {SPOKEN[self.op]} {self.right} is {self.value}"

    def inverse(self) -> str:
        """The calculation that leads back from the value."""
        if self.op == "+":
            return f"{self.value} - {self.right} = {self.left}"
        if self.op == "-":
            return f"{self.value} + {self.right} = {self.left}"
        if self.op == "*":
            return f"{self.value} / {self.right} = {self.left}"
        return f"{self.value} * {self.right} = {self.left}"

    def parts(self) -> tuple[str, ...]:
        """The calculation in smaller ones, as done in one's head; just itself where it is small."""
        if self.op == "/":
            return (self.text(),)
        big, small = max(self.left, self.right), min(self.left, self.right)
        if self.op == "*":
            tens = big // 10 * 10
            if tens in (0, big):
                return (self.text(),)
            one, two = tens * small, (big - tens) * small
            return (f"{tens} * {small} = {one}", f"{big - tens} * {small} = {two}", f"{one} + {two} = {one + two}")
        tens = self.right // 10 * 10
        if tens in (0, self.right):
            return (self.text(),)
        middle = Sum(self.left, self.op, tens).value
        return (f"{self.left} {self.op} {tens} = {middle}", f"{middle} {self.op} {self.right - tens} = {self.value}")


@dataclass(frozen=True, slots=True)
class Calculation:
    """One link of a chain, ready to be told. Formulas are written with + - * / =, without a notation.

    `lead` is what is computed ("the number of jars left") and `why` a clause that justifies it. `blunder`
    is a sentence on why the `wrong` formula is mistaken; "{check}" in it stands for the formula `check`.
    """

    lead: str
    why: str
    verb: str
    equation: str
    value: str
    unit: str
    parts: tuple[str, ...]
    inverse: str
    wrong: str
    blunder: str
    check: str = ""


def calculation(rng: random.Random, done: Sum, lead: str, why: str, unit: str) -> Calculation:
    """The calculation of one sum, with a mistake that someone could make in it."""
    verb, wrong = VERBS[done.op], _mistake(rng, done, why)
    return Calculation(lead, why, verb, done.text(), str(done.value), unit, done.parts(), done.inverse(), *wrong)


def _mistake(rng: random.Random, done: Sum, why: str) -> tuple[str, str, str]:
    """A wrong formula, why it is wrong, and a formula that shows it: another operation, or a slip in this one."""
    confused = Sum(done.left, CONFUSED[done.op], done.right)
    if confused.value > 0 and rng.random() < 0.5:
        return confused.text(), f"{capital(why)}, so it makes no sense to {VERBS[confused.op]} here.", ""
    if done.op == "*":
        slipped = done.value + rng.choice((-3, -1, 1, 2, 12))
        ends = Sum(done.left % 10, "*", done.right % 10)
        blunder = f"The last digits give {{check}}, so it has to end in {ends.value % 10}."
        return f"{done.left} * {done.right} = {slipped}", blunder, ends.text()
    slipped = done.value + rng.choice((-10, 10, 1, 2, 20) if done.value > 20 else (1, 2, 3))
    back = Sum(slipped, CONFUSED[done.op], done.right)
    return f"{done.left} {done.op} {done.right} = {slipped}", f"{{check}}, and not {done.left}.", back.text()


def tell(rng: random.Random, link: Calculation, notation: Notation) -> Move:
    """Everything a teller may say about a calculation, in one notation."""
    show = notation.formula
    lead, value = link.lead, link.value
    amount = f"{value} {link.unit}".strip()
    equation, inverse, wrong = show(link.equation), show(link.inverse), show(link.wrong)
    blunder = link.blunder.replace("{check}", show(link.check))
    parts = ", ".join(show(part) for part in link.parts)
    why, lead_in = capital(link.why), capital(lead)
    wrong_value = link.wrong.rsplit(" ", 1)[1]
    briefs = (
        f"{why}, so {lead} is {equation}.",
        f"{why}. {equation} {link.unit}".rstrip() + ".",
        f"{lead_in} is {equation}.",
        f"{why}, which gives {equation} {link.unit}".rstrip() + ".",
    )
    full = (
        f"{why}, so I need to {link.verb}. {equation}. That means {lead} is {value}.",
        f"Next is {lead}. {why}, so it should be {equation}.",
        f"So, {lead}: {link.why}, and {equation}. That makes {amount}.",
        f"{why}. Working that out: {parts}. So {lead} is {value}.",
        f"To get {lead}, I {link.verb}: {equation}. So that's {amount}.",
        f"{why}, which gives {equation}, so {lead} is {value}.",
        f"Since {link.why}, {lead} must be {equation}.",
    )
    again = (
        f"{equation}, so {lead} is {value}.",
        f"{lead_in} is {equation}.",
        f"{why}, so {lead} is {equation}.",
        f"{why}, and that made {amount}.",
    )
    proof = (
        f"Going backwards, {inverse}, which matches.",
        f"{inverse}, and that is what we started from. So {value} holds.",
        f"In smaller pieces: {parts}. Same result, {value}." if len(link.parts) > 1 else f"Backwards: {inverse}. Yes.",
    )
    tries = (
        f"Here I could just say {wrong}, so {lead} would be {wrong_value}.",
        f"{capital(lead)} should be easy: {wrong}.",
        f"That looks like {wrong}, which would make it {wrong_value}.",
    )
    drops = (
        f"Wait, no. {blunder} So {wrong_value} is wrong, and I drop it.",
        f"Hmm, that can't be right. {blunder} Scrap the {wrong_value}.",
        f"No, hold on. {blunder} Forget {wrong_value}, I'll redo this properly.",
    )
    return Move(rng.choice(briefs), full, again, proof, rng.choice(tries), rng.choice(drops), f"{lead} is {value}")


def capital(text: str) -> str:
    """The text with a capital first letter; a formula stays as it is."""
    return text[:1].upper() + text[1:]
