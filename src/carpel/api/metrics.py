"""What Prometheus reads: requests by route, and how old the current run is. No label ever names a customer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from carpel.api.lanes import look_up
from carpel.kernel.errors import CarpelError
from carpel.workspace import Workspace

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

router = APIRouter(tags=["health"])


class Metrics:
    """Counts of one service."""

    def __init__(self, workspace: Workspace) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "carpel_http_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "carpel_http_request_seconds",
            "Seconds that answers took.",
            ("route", "method"),
            registry=self.registry,
            buckets=BUCKETS,
        )
        self.registry.register(_CurrentRunAge(workspace))
        ProcessCollector(registry=self.registry)

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route, method).observe(seconds)


class _CurrentRunAge(Collector):
    """Worked out when it is read. Before the first run there is none."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Seconds since the current run was written."""
        age = GaugeMetricFamily("carpel_current_run_age_seconds", "Seconds since the current run was written.")
        try:
            run = self._workspace.runs.current()
        except CarpelError:
            run = None
        if run is not None:
            age.add_metric([], (datetime.now(UTC) - run.manifest.ended).total_seconds())
        yield age


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(request: Request) -> Response:
    """Counts of the service, as Prometheus reads them."""
    registry: CollectorRegistry = request.app.state.metrics.registry
    return Response(await look_up(lambda: generate_latest(registry)), media_type=CONTENT_TYPE_LATEST)
