"""What a text says of a rejection: who, for what, how far, how it ended. Nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from bot.dialogue.reading import Kind, Outcome, RejectionRead, Stage
from bot.understanding.names import Names
from bot.understanding.rules import Hit
from bot.understanding.text import Text
from bot.understanding.unannounced import company_span, role_span, titled_clause, well_known, whole_title

_Fact = TypeVar("_Fact", Outcome, Stage, Kind)

Knows = Callable[[str], bool]


def rejection_in(
    text: Text,
    facts: Sequence[Hit],
    lists: Mapping[str, frozenset[str]],
    knows: Knows | None = None,
    *,
    correcting: bool = False,
) -> RejectionRead:
    """Read the facts of a rejection (or of what was not one, by `outcome`) in a person's own words.

    `correcting`: the text says that something was misread, so that a name may stand there with nothing beside it.
    """
    if not (facts or correcting):
        return RejectionRead()
    outcome = _first(facts, "outcome", Outcome)
    stage = _first(facts, "stage", Stage)
    kind = _first(facts, "kind", Kind)
    if kind is Kind.LOVE and outcome is None:
        kind = None
    company = role = None
    if outcome or stage or kind or correcting:
        company, role = _names(text, facts, lists, knows)
    if outcome is Outcome.LAID_OFF:
        kind = Kind.LAYOFF if kind in (None, Kind.JOB) else kind
    return RejectionRead(
        company=company,
        role=role,
        stage=stage,
        outcome=outcome,
        kind=kind,
        count=_count(text, facts),
    )


def _first(facts: Sequence[Hit], key: str, kind: type[_Fact]) -> _Fact | None:
    said = (hit.rule.says[key] for hit in facts if key in hit.rule.says)
    value = next(said, None)
    return None if value is None else kind(value)


def _count(text: Text, facts: Sequence[Hit]) -> int | None:
    for hit in facts:
        if hit.pattern.slot == "count":
            at = text.word_at(hit.start) - 1 if hit.pattern.slot_leads else text.word_at(hit.end)
            word = text.words[at] if 0 <= at < len(text.words) else ""
            if word.isascii() and word.isdigit() and 0 < int(word) < 10_000:
                return int(word)
    return None


def _names(
    text: Text,
    found: Sequence[Hit],
    lists: Mapping[str, frozenset[str]],
    knows: Knows | None,
) -> tuple[str | None, str | None]:
    """The first company and role that stand where a rule says so, the surer rules being first."""
    names = Names.of(text, lists, formal=False, knows=knows)
    title = role_span(names)
    role = company = None
    for hit in found:
        if hit.pattern.slot in ("company", "employer", "named"):
            company = company or names.company(hit)
        elif hit.pattern.slot in ("role", "title") and title is None:
            role = role or names.role(hit, sure=hit.pattern.slot == "title")
    if company is None and (beside := well_known(names) or company_span(names, title)):
        company = names.spelled(beside.first, beside.last)
    if title is None and role is None and company:
        title = titled_clause(names, company)
    if title is not None:
        title = whole_title(names, title, company) if company else title
        role = names.as_said(title.first, title.last)
    if company and role and f"{role} ".casefold().startswith(company.casefold() + " "):
        role = role[len(company) + 1 :] or None
    return company, role
