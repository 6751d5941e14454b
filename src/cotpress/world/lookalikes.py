"""Elimination puzzles: one of several similar things fits all clues, and each of the others breaks at least two."""

from __future__ import annotations

import random
from dataclasses import dataclass

from cotpress.world.arithmetic import capital
from cotpress.world.parts import Move, Problem

LETTERS = "ABCDEFGHIJK"
LEAST_BROKEN = 2


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that every option has: one of several words, or (with a unit) a number from a range."""

    noun: str
    words: tuple[str, ...] = ()
    unit: str = ""
    numbers: tuple[int, int, int] = (0, 1, 1)

    def draw(self, rng: random.Random) -> str | int:
        return rng.choice(self.words) if self.words else rng.randrange(*self.numbers)

    def value(self, value: str | int) -> str:
        return f"{value} {self.unit.removesuffix('s') if value == 1 else self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Hint:
    """A clue about one feature: "is not" a word, or "over" or "under" a number."""

    feature: Feature
    kind: str
    bound: str | int

    def holds(self, value: str | int) -> bool:
        if isinstance(value, str) or isinstance(self.bound, str):
            return value != self.bound
        return value > self.bound if self.kind == "over" else value < self.bound

    def text(self) -> str:
        words = {"not": "is not", "over": "is more than", "under": "is less than"}[self.kind]
        return f"the {self.feature.noun} {words} {self.feature.value(self.bound)}"


@dataclass(frozen=True, slots=True)
class Scene:
    """What the options are: their names, their features, and how the question is put."""

    intro: str
    ask: str
    goal: str
    names: tuple[str, ...]
    features: tuple[Feature, ...]


SCENES = (
    Scene(
        "A family takes home one of the dogs listed below.", "Which dog is it?", "which dog they take home",
        ("Biscuit", "Pepper", "Luna", "Moss", "Toffee", "Rex", "Willow", "Ginger", "Scout", "Bramble", "Otis"),
        (
            Feature("coat", ("brown", "black", "white", "grey", "spotted")),
            Feature("favourite toy", ("a ball", "a rope", "a stick", "a rubber duck")),
            Feature("age", unit="years", numbers=(2, 15, 1)),
            Feature("weight", unit="kg", numbers=(5, 42, 1)),
        ),
    ),
    Scene(
        "Someone rents one of the flats listed below.", "Which flat is it?", "which flat is rented",
        ("Mill Lane", "Harbour Street", "Oak Road", "Station Square", "Church Row", "Lake View", "Tower Court",
         "Garden Alley", "Bridge Street", "Castle Hill", "Canal Walk"),
        (
            Feature("floor covering", ("oak", "tile", "carpet", "cork")),
            Feature("heating", ("by gas", "electric", "by a wood stove", "by a heat pump")),
            Feature("rent", unit="dollars", numbers=(600, 1500, 50)),
            Feature("size", unit="square metres", numbers=(32, 110, 2)),
        ),
    ),
    Scene(
        "A guide is thinking of one exhibit of the museum.", "Which exhibit is it?", "which exhibit the guide means",
        ("the bowl", "the mask", "the lamp", "the bell", "the chest", "the mirror", "the flute", "the shield",
         "the statue", "the comb", "the vase"),
        (
            Feature("material", ("bronze", "clay", "wood", "ivory", "glass")),
            Feature("place of origin", ("the coast", "the desert", "the highlands", "the delta")),
            Feature("age", unit="years", numbers=(200, 3000, 100)),
            Feature("height", unit="cm", numbers=(8, 120, 2)),
        ),
    ),
    Scene(
        "The cook makes one of these dishes tonight.", "Which dish is it?", "which dish the cook makes",
        ("the stew", "the curry", "the pie", "the soup", "the risotto", "the salad", "the gratin", "the omelette",
         "the casserole", "the lasagne", "the noodle bowl"),
        (
            Feature("main ingredient", ("beans", "mushrooms", "potatoes", "fish", "spinach")),
            Feature("spice", ("cumin", "saffron", "chilli", "nutmeg")),
            Feature("cooking time", unit="minutes", numbers=(10, 120, 5)),
            Feature("yield", unit="servings", numbers=(2, 14, 1)),
        ),
    ),
    Scene(
        "One of the boats in the harbour was hired for Sunday.", "Which boat is it?", "which boat was hired",
        ("Albatross", "Blue Jay", "Cormorant", "Dolphin", "Evening Star", "Foxglove", "Guillemot", "Heron",
         "Island Girl", "Juniper", "Kestrel"),
        (
            Feature("hull", ("red", "white", "green", "blue", "black")),
            Feature("drive", ("a diesel engine", "an electric motor", "a petrol engine", "a pair of oars")),
            Feature("length", unit="metres", numbers=(4, 19, 1)),
            Feature("capacity", unit="people", numbers=(3, 26, 1)),
        ),
    ),
    Scene(
        "A walker follows one of the trails on the board.", "Which trail is it?", "which trail the walker follows",
        ("Eagle Trail", "River Loop", "Pine Path", "Ridge Route", "Fern Walk", "Quarry Trail", "Summit Way",
         "Meadow Ring", "Chapel Path", "Wolf Track", "Mossy Lane"),
        (
            Feature("surface", ("gravel", "grass", "rock", "boardwalk")),
            Feature("marking", ("yellow", "red", "blue", "white", "orange")),
            Feature("length", unit="km", numbers=(2, 27, 1)),
            Feature("climb", unit="metres", numbers=(50, 1300, 50)),
        ),
    ),
)  # fmt: skip

Thing = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Lookalikes:
    """A puzzle before it is told; `things` are the feature values of the options, in order."""

    scene: Scene
    names: tuple[str, ...]
    things: tuple[Thing, ...]
    hints: tuple[Hint, ...]
    answer: int

    def broken(self, option: int) -> list[Hint]:
        """The clues that an option does not fit."""
        features = self.scene.features
        return [hint for hint in self.hints if not hint.holds(self.things[option][features.index(hint.feature)])]


def draw_lookalikes(rng: random.Random, difficulty: int) -> Lookalikes:
    """A puzzle with `difficulty` + 3 options."""
    count = difficulty + 3
    while True:
        scene, answer = rng.choice(SCENES), rng.randrange(count)
        names = tuple(rng.sample(scene.names, count))
        things = tuple(tuple(feature.draw(rng) for feature in scene.features) for _ in range(count))
        hints = [
            hint
            for feature, value in zip(scene.features, things[answer], strict=True)
            for hint in _hints(rng, feature, value)
        ]
        rng.shuffle(hints)
        puzzle = Lookalikes(scene, names, things, tuple(hints), answer)
        if all(len(puzzle.broken(at)) >= LEAST_BROKEN for at in range(count) if at != answer):
            return puzzle


def _hints(rng: random.Random, feature: Feature, value: str | int) -> list[Hint]:
    if isinstance(value, str):
        others = [word for word in feature.words if word != value]
        return [Hint(feature, "not", word) for word in rng.sample(others, 2)]
    low, high, step = feature.numbers
    span = (high - low) // step
    return [
        Hint(feature, "over", max(low - step, value - step * rng.randint(1, max(1, span // 4)))),
        Hint(feature, "under", min(high, value + step * rng.randint(1, max(1, span // 4)))),
    ]


def lookalikes(rng: random.Random, difficulty: int) -> Problem:
    """An elimination puzzle; its rationales strike the wrong options out by different clues."""
    puzzle = draw_lookalikes(rng, difficulty)
    scene, gold = puzzle.scene, LETTERS[puzzle.answer]
    clues = [f"Clue {number}: {hint.text()}." for number, hint in enumerate(puzzle.hints, 1)]
    listed = [f"({LETTERS[at]}) {capital(name)}: {_described(puzzle, at)}" for at, name in enumerate(puzzle.names)]
    return Problem(
        question="\n".join((f"{scene.intro} {scene.ask}", *clues, *listed)),
        gold=gold,
        answer=f"The answer is ({gold}).",
        goal=scene.goal,
        facts=tuple(clues),
        rationales=_rationales(rng, puzzle),
    )


def _described(puzzle: Lookalikes, option: int) -> str:
    pairs = zip(puzzle.scene.features, puzzle.things[option], strict=True)
    return ", ".join(f"{feature.noun} {feature.value(value)}" for feature, value in pairs)


def _rationales(rng: random.Random, puzzle: Lookalikes) -> tuple[tuple[Move, ...], ...]:
    """Two ways to strike out every wrong option, which use different clues for each of them."""
    wrong = [at for at in range(len(puzzle.things)) if at != puzzle.answer]
    chosen = {at: rng.sample(puzzle.broken(at), 2) for at in wrong}
    ways = []
    for way in (0, 1):
        order = rng.sample(wrong, len(wrong))
        ways.append((*(_strike(rng, puzzle, at, chosen[at][way]) for at in order), _survivor(rng, puzzle)))
    return tuple(ways)


def _strike(rng: random.Random, puzzle: Lookalikes, option: int, hint: Hint) -> Move:
    letter, name, right = LETTERS[option], puzzle.names[option], LETTERS[puzzle.answer]
    at = puzzle.scene.features.index(hint.feature)
    fact = f"the {hint.feature.noun} is {hint.feature.value(puzzle.things[option][at])}"
    fine = f"the {hint.feature.noun} there is {hint.feature.value(puzzle.things[puzzle.answer][at])}"
    number, rule = puzzle.hints.index(hint) + 1, hint.text()
    return Move(
        brief=rng.choice(
            (
                f"For ({letter}) {fact}, but {rule} by clue {number}, so ({letter}) is out.",
                f"({letter}) is out by clue {number}: {fact}.",
                f"Clue {number} rules out ({letter}), where {fact}.",
            )
        ),
        full=(
            f"What about ({letter}), {name}? There {fact}. But clue {number} says that {rule}, so ({letter}) is out.",
            f"Clue {number} says that {rule}. For ({letter}) {fact}, so it is not {name}. That removes ({letter}).",
            f"Looking at ({letter}): {fact}. That breaks clue {number}, because {rule}. So I cross out ({letter}).",
        ),
        again=(
            f"({letter}) is out by clue {number}, since {fact}.",
            f"For ({letter}) {fact}, and clue {number} says that {rule}, so ({letter}) is out.",
            f"({letter}) stays crossed out, because {fact}.",
        ),
        proof=(
            f"In the list, ({letter}) is {name} and {fact}. Clue {number} is that {rule}. So it does fail.",
            f"Clue {number} says that {rule}, and for {name} {fact}. Yes, these two do not go together.",
        ),
        wrong=f"Clue {number} says that {rule}, so that should remove ({right}) as well.",
        noticed=rng.choice(
            (
                f"Wait, no, I misread that line. For ({right}) {fine}, which is allowed. So ({right}) stays.",
                f"Hmm, that can't be right. For ({right}) {fine}, and that fits. I take it back, ({right}) stays.",
            )
        ),
        result=f"({letter}) is out",
    )


def _survivor(rng: random.Random, puzzle: Lookalikes) -> Move:
    letter, name = LETTERS[puzzle.answer], puzzle.names[puzzle.answer]
    slip = rng.choice([at for at in range(len(puzzle.things)) if at != puzzle.answer])
    broken = puzzle.hints.index(rng.choice(puzzle.broken(slip))) + 1
    return Move(
        brief=rng.choice((f"Only ({letter}) is left, {name}.", f"That leaves ({letter}), {name}.")),
        full=(
            f"Every other option is gone, so only ({letter}) is left, and that is {name}.",
            f"So after all that, {name} is the only one standing. That is ({letter}).",
            f"That leaves exactly one option: ({letter}), {name}.",
        ),
        again=(f"Only ({letter}) is left, {name}.", f"That leaves {name}, so ({letter})."),
        proof=(
            f"For ({letter}) the list says {_described(puzzle, puzzle.answer)}. All the clues hold for that.",
            f"Going through the clues for {name} alone, none of them fails.",
        ),
        wrong=f"That would leave ({LETTERS[slip]}), {puzzle.names[slip]}.",
        noticed=f"No, hold on. ({LETTERS[slip]}) fails clue {broken}. I mixed up the lines, so forget that.",
        result=f"only ({letter}) is left",
    )
