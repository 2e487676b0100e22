"""The centre keeps to its own description, whatever it is sent."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup

from sync.protocol import CONTENT_TYPE
from sync.server import app
from sync.server.embedded import EmbeddedCentre, settings_of
from sync.server.openapi import description
from tests.faults.letters import MESSAGES
from tests.faults.test_fuzz import mangled

EXAMPLES = int(os.environ.get("VLA_EXAMPLES", "200"))
schemathesis.checks.load_all_checks()
CHECKS = [
    schemathesis.checks.not_a_server_error,
    *schemathesis.checks.CHECKS.get_by_names(
        [
            "status_code_conformance",
            "content_type_conformance",
            "response_headers_conformance",
            "response_schema_conformance",
            "unsupported_method",
        ]
    ),
]
# Nothing can be wrong with a question that has no parts.
OPERATIONS = [
    (method, path, mode)
    for path, item in description(1, 1)["paths"].items()
    for method in item
    for mode in (GenerationMode if method == "post" else [GenerationMode.POSITIVE])
]

schemathesis.openapi.media_type(
    CONTENT_TYPE,
    st.one_of(st.binary(max_size=200), st.sampled_from(sorted(MESSAGES)).flatmap(mangled)),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedCentre]:
    """A centre that every example speaks to."""
    with EmbeddedCentre(settings_of(tmp_path_factory.mktemp("api") / "centre.db")) as centre:
        yield centre


def examine(url: str, method: str, path: str, mode: GenerationMode) -> None:
    """Sends examples of an operation; raises `FailureGroup` for what nobody described."""
    schema = schemathesis.openapi.from_url(url + "/openapi.json")
    operation = schema[path][method]

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def answered_as_described(case: Any) -> None:
        case.call_and_validate(checks=CHECKS, timeout=20)

    answered_as_described()


@pytest.mark.parametrize(("method", "path", "mode"), OPERATIONS)
def test_every_answer_is_one_that_was_described(
    served: EmbeddedCentre, method: str, path: str, mode: GenerationMode
) -> None:
    examine(served.url, method, path, mode)


def test_an_answer_that_nobody_described_would_be_caught(
    served: EmbeddedCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sync.server.refusals import refusal

    def teapot(*_: object) -> object:
        no = refusal("message")
        no.status = 418
        return app._answer_of(no)

    served.stop()
    with monkeypatch.context() as patched:

        async def unreadable(*_: object) -> object:
            return teapot()

        patched.setattr(app, "_unreadable", unreadable)
        served.start()
        with pytest.raises(FailureGroup):
            examine(served.url, "post", "/v1/sync", GenerationMode.POSITIVE)
        served.stop()
    served.start()
