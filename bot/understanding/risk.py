"""How much danger a text speaks of: the gravest thing any rule saw in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.dialogue.reading import About, Concern, Risk
from bot.understanding.gauging import Gauge
from bot.understanding.rules import Hit, Section, sentence

NEARBY_CHARS = 60
TELLING_WORDS = 3  # "adiós" tells of nothing by itself
CALM_WORDS = 20  # in a longer message one half-sentence may hold what the rest drowns
_LEVELS = (Risk.NONE, Risk.DISTRESS, Risk.CHECK, Risk.CRISIS)
# Of two equally grave things, the writer's own present danger is answered.
_ABOUT = (About.NEWS, About.PAST, About.OTHER, About.SELF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    level: Risk = Risk.NONE
    about: About = About.SELF
    concern: Concern | None = None
    rules: tuple[str, ...] = ()
    spoken: frozenset[str] = frozenset()  # the languages whose words alarmed
    alarmed: frozenset[str] = frozenset()  # the rules that did


NO_DANGER = Danger()
LONG_SENTENCE_WORDS = 6
GAUGED = f"{Section.RISK}/gauged"


def danger_in(found: Sequence[Hit]) -> Danger:
    """The gravest danger among the hits; its rules first, then the others that saw one."""
    danger = NO_DANGER
    for hit in found:
        danger = graver(danger, _danger_of(hit))
    return danger


def graver(one: Danger, other: Danger) -> Danger:
    """The graver of two dangers, with the rules of both; the first of two alike."""
    if other is NO_DANGER or one is NO_DANGER:  # nearly always
        return one if other is NO_DANGER else other
    first, second = (other, one) if _gravity(other) > _gravity(one) else (one, other)
    rules = tuple(dict.fromkeys((*first.rules, *second.rules)))
    return Danger(
        level=first.level,
        about=first.about,
        concern=first.concern,
        rules=rules,
        spoken=first.spoken | second.spoken,
        alarmed=first.alarmed | second.alarmed,
    )


def gauged(danger: Danger, gauge: Gauge, words: Sequence[str]) -> Danger:
    """What the rules saw, weighed against how near the message is to others' words of danger.

    Where they saw none, it is asked about if danger is likely. Where one saw some in a short message that is surely a
    figure of speech or the like, it is met softly and not asked about, and so is what a doubted rule alone saw in a
    message not even near danger. What they say of somebody else, of the past, of hurting oneself or of what was done
    already stands.
    """
    if danger.concern is not None or danger.about is not About.SELF:
        return danger
    if not gauge.settled_by.isdisjoint(danger.rules):
        return danger
    if not danger.level.alarms:
        likely = len(words) >= TELLING_WORDS and gauge.chance(words) >= gauge.alarms_from
        return replace(danger, level=Risk.CHECK, rules=(GAUGED, *danger.rules)) if likely else danger
    if len(danger.alarmed) == 1 and danger.alarmed <= gauge.doubted and _is_far(gauge, words):
        return _met_softly(danger)
    calm = gauge.calm_though_plain if danger.level is Risk.CRISIS else gauge.calm_though_quiet
    if calm and len(words) <= CALM_WORDS and gauge.chance(words) < calm:
        return _met_softly(danger)
    return danger


def _is_far(gauge: Gauge, words: Sequence[str]) -> bool:
    return gauge.left_to_rules.isdisjoint(words) and gauge.nearness(words) < gauge.calm_though_doubted


def _met_softly(danger: Danger) -> Danger:
    return replace(danger, level=Risk.DISTRESS, rules=(GAUGED, *danger.rules), spoken=frozenset())


def is_theirs(hit: Hit, line: str, lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether a hit in an employer's letter is the employer's: "we thought about it a lot", a signature's helpline.

    Plain words of danger are excused only where no "I" stands near and help is being pointed to; quiet ones where
    the sentence speaks as a firm does, of us and to you.
    """
    begin, end = sentence(line, hit.start, hit.end)
    words = frozenset(line[begin:end].split())
    if Risk(hit.rule.says["level"]) is not Risk.CRISIS:
        return bool(words & lists.get("firm", frozenset()))
    near = frozenset(line[begin : end + NEARBY_CHARS].split())
    return not words & lists.get("mine", frozenset()) and bool(near & lists.get("helpers", frozenset()))


def is_misread(hit: Hit, line: str, lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether a hit on guessed words in an employer's letter is a firm's short form or name ("CTC"), and no slip.

    Who adds words of danger to a letter speaks of "me", or briefly.
    """
    begin, end = sentence(line, hit.start, hit.end)
    words = line[begin:end].split()
    return len(words) >= LONG_SENTENCE_WORDS and lists.get("mine", frozenset()).isdisjoint(words)


def is_reported(hit: Hit, line: str, lists: Mapping[str, frozenset[str]]) -> bool:
    """Whether the sentence is a report, in which nobody speaks of oneself: "the bill on assisted dying passed".

    What counts only beside something told elsewhere in the text (a loss) is none: "which bridge has no fence?"
    """
    if hit.rule.only_with:
        return False
    begin, end = sentence(line, hit.start, hit.end)
    words = frozenset(line[begin:end].split())
    return not words & lists.get("mine", frozenset()) and bool(words & lists.get("reported", frozenset()))


def _gravity(danger: Danger) -> tuple[int, int, bool]:
    done = danger.concern is Concern.ALREADY_DONE
    return _LEVELS.index(danger.level), _ABOUT.index(danger.about), done


def _danger_of(hit: Hit) -> Danger:
    says = hit.rule.says
    level = Risk(says["level"])
    name = f"{Section.RISK}/{hit.rule.id}"
    return Danger(
        level=level,
        about=About(says.get("about", About.SELF)),
        concern=Concern(says["concern"]) if "concern" in says else None,
        rules=(name,),
        spoken=frozenset({hit.rule.locale}) if level.alarms else frozenset(),
        alarmed=frozenset({name}) if level.alarms else frozenset(),
    )
