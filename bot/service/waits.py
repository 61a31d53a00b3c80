"""How long something took, counted in steps: a histogram as Prometheus keeps it."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field

STEPS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)  # seconds


@dataclass(slots=True)
class Waits:
    total_seconds: float = 0.0
    counts: list[int] = field(default_factory=lambda: [0] * (len(STEPS) + 1))

    def count(self, seconds: float) -> None:
        self.total_seconds += seconds
        self.counts[bisect_left(STEPS, seconds)] += 1

    def lines(self, name: str, about: str) -> list[str]:
        """Return it in Prometheus' text format."""
        lines, so_far = [f"# HELP {name} {about}", f"# TYPE {name} histogram"], 0
        for step, count in zip((*(f"{each:g}" for each in STEPS), "+Inf"), self.counts, strict=True):
            so_far += count
            lines.append(f'{name}_bucket{{le="{step}"}} {so_far}')
        return [*lines, f"{name}_sum {self.total_seconds:.10g}", f"{name}_count {so_far}"]
