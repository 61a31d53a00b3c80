"""Figures for whoever watches the bot, in Prometheus' text format. They count; they name nobody and quote nobody.

Own code, for once: the parts count what they do anyway, and the format is a line a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.service.check_ins import CheckIns
from bot.service.clock import Clock
from bot.service.delivery import Delivery
from bot.service.receive import Receiver
from bot.service.turns import Turns
from bot.store.database import Store
from bot.store.tables import check_ins, inbox, outbox, risk_counts

LATE = timedelta(minutes=1)  # a check-in that is due and has not fired for so long
FEWEST = 5  # as in `onward stats`: what so few people did is not told
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    store: Store
    receiver: Receiver
    turns: Turns
    delivery: Delivery
    check_ins: CheckIns

    async def ready(self) -> bool:
        """Tell whether there is any use in sending updates here: the database answers, and nobody said stop."""
        if self.turns.bells.stop.is_set():
            return False
        try:
            async with self.store.read() as connection:
                await connection.execute(select(1))
        except Exception:  # noqa: BLE001 - whatever it is: not ready
            return False
        return True

    async def text(self, clock: Clock) -> str:
        """Return all of them. What is asked of the database is left out while it doesn't answer."""
        lines = [*self._counted(), *self.turns.waits.lines("onward_turn_seconds", _TURN_SECONDS)]
        lines += self.delivery.waits.lines("onward_delivery_seconds", _DELIVERY_SECONDS)
        try:
            async with self.store.read() as connection:
                lines += await _asked(connection, clock.now())
        except Exception:  # noqa: BLE001 - whatever it is: the database's part is missing, and up is 0
            lines += _of("onward_database_up", "gauge", "Whether the database answers.", [("", 0)])
        return "\n".join(lines) + "\n"

    def _counted(self) -> list[str]:
        receiver, turns, delivery = self.receiver, self.turns, self.delivery
        updates = {
            "received": receiver.received,
            "repeated": receiver.repeated,
            "without_address": receiver.without_address,
        }
        sends = {
            "delivered": delivery.delivered,
            "dropped": delivery.dropped,
            "expired": delivery.expired,
            "retried": delivery.retried,
        }
        taken = {"done": turns.done, "parked": turns.parked}
        return [
            *_of("onward_updates_total", "counter", "Updates that came in.", _by("outcome", updates)),
            *_of("onward_turns_total", "counter", "Turns taken.", _by("outcome", taken)),
            *_of("onward_deliveries_total", "counter", "Messages, by how it ended.", _by("outcome", sends)),
            *_of("onward_check_ins_fired_total", "counter", "Check-ins.", [("", self.check_ins.fired)]),
        ]


_TURN_SECONDS = "From an update's arrival to its turn's commit."
_DELIVERY_SECONDS = "From a turn's commit to its message being marked as sent."


async def _asked(connection: AsyncConnection, now: datetime) -> list[str]:
    lines = _of("onward_database_up", "gauge", "Whether the database answers.", [("", 1)])
    waiting, oldest = [], []
    for table in (inbox, outbox):
        count, since = (await connection.execute(select(func.count(), func.min(table.c.at)))).one()
        waiting.append((f'{{queue="{table.name}"}}', count))
        oldest.append((f'{{queue="{table.name}"}}', _seconds(since, now)))
    lines += _of("onward_waiting", "gauge", "Rows that wait.", waiting)
    lines += _of("onward_waiting_seconds", "gauge", "How long the oldest of them has waited.", oldest)
    due = select(func.count(), func.min(check_ins.c.due)).where(check_ins.c.due < now - LATE)
    late, since = (await connection.execute(due)).one()
    lines += _of("onward_check_ins_late", "gauge", "Check-ins due for over a minute.", [("", late)])
    longest = [("", _seconds(since, now))]
    lines += _of("onward_check_ins_late_seconds", "gauge", "How long the oldest of them is due.", longest)
    level = select(risk_counts.c.level, func.sum(risk_counts.c.n)).group_by(risk_counts.c.level)
    risks = [(row[0], int(row[1])) for row in await connection.execute(level.order_by(risk_counts.c.level))]
    told = [(f'{{level="{name}"}}', count) for name, count in risks if count >= FEWEST]
    return lines + _of("onward_risk_signals_total", "counter", "How often the safety gate spoke.", told)


def _of(name: str, kind: str, help_: str, values: Sequence[tuple[str, float]]) -> list[str]:
    return [
        f"# HELP {name} {help_}",
        f"# TYPE {name} {kind}",
        *(f"{name}{labels} {value:.10g}" for labels, value in values),
    ]


def _by(label: str, counts: dict[str, int]) -> list[tuple[str, float]]:
    return [(f'{{{label}="{name}"}}', count) for name, count in counts.items()]


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())
