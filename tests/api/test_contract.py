"""Whatever is asked, the answer is one that the description promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

import carpel
from carpel.api import create_app
from tests.cli.conftest import finished

__all__ = ["finished"]

HERE = {"Host": "127.0.0.1"}
ROUTES = 19


@pytest.fixture(scope="module")
def schema(finished: Path) -> Iterator[Any]:
    with carpel.open(finished) as workspace:
        yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_app(workspace), headers=HERE)


def test_every_answer_is_one_that_was_promised(schema: Any) -> None:
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) == ROUTES
    for operation in operations:

        @given(operation.as_strategy())
        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        def answers(case: schemathesis.Case[Any]) -> None:
            # An id that nobody has is well formed, and yet there is no such customer.
            case.call_and_validate(headers=HERE, excluded_checks=[positive_data_acceptance])

        answers()
