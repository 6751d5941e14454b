"""Small studies of the micro world: one that only shortens, one with a tiny student."""

from __future__ import annotations

import pytest

pytest.importorskip("pydantic", reason="studies need the extra 'study'")
pytest.importorskip("pandas", reason="studies need the extra 'study'")
pytest.importorskip("trl", reason="studies need the extra 'study'")

from cotpress.study import Study, parse_study

SHORTENING = """
name: small
conditions:
  m: {traces: world, domain: math, regime: long, limit: 6}
  g: {traces: world, domain: general, regime: short, limit: 6}
baselines: [uncompressed, no-reasoning]
pruning: {criteria: [nll, random], symbols: [false, true], keep: [0.7, 0.3]}
rewriting: {levels: [preserve, replace]}
seeds: [0, 1]
"""
TEACHING = """
name: taught
conditions:
  m: {{traces: world, domain: math, regime: short, limit: 8, benchmarks: {{world_math: null}}}}
pruning: {{criteria: [random], granularities: [token], keep: [0.5]}}
students: ["{student}"]
recipe: {recipe}
problems: 3
max_new_tokens: 8
"""
RECIPE = "max_steps: 2\nbatch_size: 4\naccumulation: 1\nlearning_rate: 1.0e-3\ndtype: float32\n"


@pytest.fixture(scope="session")
def shortening() -> Study:
    """No student: 2 conditions, 2 baselines, 2 methods, 2 levels."""
    return parse_study(SHORTENING, "small")


@pytest.fixture(scope="session")
def teaching(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Two cells of a tiny random student that is hardly trained."""
    transformers = pytest.importorskip("transformers")
    from tiny_models import TEMPLATE, byte_tokenizer, save, small

    folder = tmp_path_factory.mktemp("study")
    tokenizer = byte_tokenizer(chat_template=TEMPLATE)
    config = transformers.LlamaConfig(**small(len(tokenizer), initializer_range=0.05))
    config.max_position_embeddings = 1024
    student = save(folder / "tiny", "AutoModelForCausalLM", config, tokenizer)
    recipe = folder / "recipe.yaml"
    recipe.write_text(RECIPE)
    return parse_study(TEACHING.format(student=student, recipe=recipe), "taught")


@pytest.fixture
def shortening_text() -> str:
    """The same as YAML."""
    return SHORTENING
