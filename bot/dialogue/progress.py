"""How it went: in numbers that texts can put into words, and as the data of a picture. Both from the same records."""

from __future__ import annotations

from collections import Counter
from datetime import date

from bot.dialogue.chart import Bar, Chart, ChartWords, MoodPoint
from bot.dialogue.draft import Draft
from bot.dialogue.effects import Record, SendChart, Value
from bot.dialogue.facts import Kept
from bot.dialogue.kept import moods_of, newest_first, sessions_of
from bot.dialogue.patterns import NAMED
from bot.dialogue.reading import Stage
from bot.dialogue.shelf import day_in_words, local_day, on_record

FLOW = "progress"
MOODS_SHOWN = 240  # the newest; so many can still be told apart
STOPS = (Stage.APPLICATION, Stage.SCREEN, Stage.ASSESSMENT, Stage.INTERVIEW, Stage.FINAL, Stage.OFFER)


def sum_up(draft: Draft) -> None:
    """Put the numbers where a step may speak of them."""
    for name, value in numbers(on_record(draft)).items():
        draft.set(f"{FLOW}.{name}", value)


def numbers(kept: tuple[Kept, ...]) -> dict[str, Value]:
    """Return what is counted: noes, wins, pairs of moods and how they went, the place where most stop."""
    pairs = sessions_of(kept)
    higher = sum(each.after > each.before for each in pairs)
    lower = sum(each.after < each.before for each in pairs)
    noes, wins = newest_first(kept, Record.REJECTION), newest_first(kept, Record.WIN)
    stages = _stages(noes)
    most = stages.most_common(2)
    alone = bool(most) and (len(most) == 1 or most[0][1] > most[1][1])
    return {
        "noes": len(noes),
        "wins": len(wins),
        "pairs": len(pairs),
        "higher": higher,
        "lower": lower,
        "same": len(pairs) - higher - lower,
        "staged": stages.total(),
        "stop": most[0][0] if alone and most[0][1] > 1 else None,
        "stop_times": most[0][1] if most else 0,
        "moods": sum(after is None for _, _, after in _given(kept)),
        "last_win": wins[0].words("text") if wins else None,
    }


def send_chart(draft: Draft) -> None:
    """Ask for the picture; with nothing on record there is none."""
    kept = on_record(draft)
    labels = {name: draft.words(texts) for name, texts in draft.script.flows[FLOW].labels.items()}
    chart = chart_of(draft, kept, labels)
    if chart.moods or chart.stops or chart.wins:
        name = f"{labels.get('file', FLOW)}.png"
        draft.effects.append(SendChart(key=f"{draft.turn}.chart", file_name=name, chart=chart))


def chart_of(draft: Draft, kept: tuple[Kept, ...], labels: dict[str, str]) -> Chart:
    moods = sorted(_moods(draft, kept), key=lambda each: each.on)[-MOODS_SHOWN:]
    wins = tuple(sorted(local_day(draft, each) for each in newest_first(kept, Record.WIN)))
    stages = _stages(newest_first(kept, Record.REJECTION))
    days: list[date] = [each.on for each in moods] + list(wins)
    first = min(days, default=draft.at.date())
    last = max(days, default=draft.at.date())
    return Chart(
        words=ChartWords(
            **{
                name: labels.get(name, "")
                for name in "title moods before after single stops wins nothing".split()
            }
        ),
        first=first,
        last=last,
        first_label=day_in_words(draft, first, briefly=True),
        last_label=day_in_words(draft, last, briefly=True),
        moods=tuple(moods),
        stops=tuple(
            Bar(label=labels.get(stage, ""), count=stages[stage]) for stage in STOPS if stages[stage]
        ),
        wins=wins,
    )


def name_pattern(draft: Draft) -> None:
    """Name where processes keep stopping, if that is due; then not again for a while."""
    facts = draft.context["facts"]
    place = facts.get("pattern") if isinstance(facts, dict) else None
    draft.set("pattern.place", place)
    if place is not None:
        draft.set(NAMED, f"{place} {draft.at.isoformat()}")


def _stages(noes: list[Kept]) -> Counter[str]:
    return Counter(stage for each in noes if (stage := each.words("stage")))


def _moods(draft: Draft, kept: tuple[Kept, ...]) -> list[MoodPoint]:
    return [
        MoodPoint(on=local_day(draft, entry), before=before, after=after)
        for entry, before, after in _given(kept)
    ]


def _given(kept: tuple[Kept, ...]) -> list[tuple[Kept, int, int | None]]:
    """Return every mood given, with what it was given about; the second is None where it stands alone."""
    found = []
    for each in kept:
        before: int | None = None
        after: int | None = None
        match each.record:
            case Record.REJECTION:
                before, after = moods_of(each)
            case Record.EXERCISE:
                before, after = each.number("before"), each.number("after")
            case Record.MOOD:
                before = each.number("score")
            case _:
                continue
        if before is None:
            before, after = after, None
        if before is not None:
            found.append((each, before, after))
    return found
