"""What is counted, in Prometheus' words. Labels are kinds and results, never people or tickets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from workflows.store import Queue, Sent, Work

_COMMIT = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10)
_LATENESS = (1, 5, 30, 60, 300, 900, 3600, 6 * 3600, 24 * 3600)

# A second line for each number, which nobody reads.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """One bot's numbers since it started, and what stands out when it is asked."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._updates = self._counter("haitang_updates", "Updates committed", "kind", "result")
        self._decisions = self._counter("haitang_decisions", "Steps of tickets", "action")
        self._sends = self._counter("haitang_sends", "Messages tried", "kind", "result")
        self._commit = self._histogram("haitang_commit_seconds", "Writing a unit of work", _COMMIT)
        self._lateness = self._histogram(
            "haitang_timer_lateness_seconds", "From a timer's moment to its ringing", _LATENESS
        )
        self._outbox = self._gauge("haitang_outbox", "Messages by state", "state")
        self._oldest = self._gauge("haitang_outbox_oldest_seconds", "Age of the oldest sendable")
        self._letters = self._gauge("haitang_dead_letters", "Updates nobody has looked after")
        self._timers = self._gauge("haitang_timers_overdue", "Timers due and not rung")
        self._age = self._gauge("haitang_loop_age_seconds", "Since a loop's last work", "loop")

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(name, told, labels, registry=self.registry)

    def _gauge(self, name: str, told: str, *labels: str) -> Gauge:
        return Gauge(name, told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(name, told, buckets=buckets, registry=self.registry)

    def committed(self, work: Work, seconds: float) -> None:
        """Count a unit of work that was committed, in so many seconds."""
        self._commit.observe(seconds)
        for one in work.handled:
            self._updates.labels(one.kind, one.result).inc()
        for event in work.events:
            self._decisions.labels(event.action).inc()
        for timer, at in work.fired:
            self._lateness.observe(max((at - timer.due_at).total_seconds(), 0.0))

    def sent(self, one: Sent) -> None:
        """Count how a sending ended."""
        self._sends.labels(one.owed.kind, one.outcome.value).inc()

    def text(self, queue: Queue, ages: Mapping[str, float], now: datetime) -> bytes:
        """The page that Prometheus reads."""
        counts = {"sendable": queue.sendable, "parked": queue.parked, "dead": queue.dead}
        for state, count in counts.items():
            self._outbox.labels(state).set(count)
        waits = (now - queue.oldest).total_seconds() if queue.oldest else 0.0
        self._oldest.set(max(waits, 0.0))
        self._letters.set(queue.letters)
        self._timers.set(queue.timers)
        for loop, age in ages.items():
            self._age.labels(loop).set(age)
        return generate_latest(self.registry)
