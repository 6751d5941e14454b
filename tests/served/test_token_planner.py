"""How long the windows of token ids are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cotpress.models import InferenceLimits, ModelLoader, ModelSpec
from cotpress.served.score_request import ScoreRequest
from cotpress.served.token_planner import TokenPlanner


@pytest.mark.parametrize(
    ("config", "asked", "context"),
    [
        ({"max_position_embeddings": 1 << 17}, None, 4096),
        ({"max_position_embeddings": 512}, None, 511),
        ({"text_config": {"max_position_embeddings": 512}}, None, 511),
        ({}, None, 4096),
        ({"max_position_embeddings": "many"}, None, 4096),
        ({"max_position_embeddings": 512}, 8192, 8192),  # the server may have been started with more
    ],
)
def test_context(tmp_path: Path, config: object, asked: int | None, context: int) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config))
    loader = ModelLoader(ModelSpec(str(tmp_path), limits=InferenceLimits(asked)))
    assert TokenPlanner(loader, ScoreRequest("m", "http://a/v1", "", 0)).context == context
