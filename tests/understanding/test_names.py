"""Names in people's own words and in pasted mails that stand where no rule's words lead up to them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dialogue.reading import Reading, Stage
from bot.understanding import FaultCode, compile_understanding

Read = Callable[[str], Reading]


def test_a_mistyped_kind_of_work_and_stage_are_read_as_meant(read: Read) -> None:
    said = read("fial round with revolut, prodct manger, they said no").rejection
    assert (said.company, said.role, said.stage) == ("Revolut", "product manager", Stage.FINAL)


@pytest.mark.parametrize(
    ("text", "company", "role"),
    [
        ("rejected for my dream tesla job", "Tesla", None),
        ("Acme told me no. propulsion engineer. onsite", "Acme", "propulsion engineer"),
        ("Accenture fin analyst, final round, rejected", "Accenture", "fin analyst"),
        ("no luck at zelbo. package handler.", "Zelbo", "package handler"),
        (
            "they said no. Policy adviser, Department for Transport.",
            "Department for Transport",
            "policy adviser",
        ),
        ("the national trust turned me down", "National Trust", None),
        ("trial shift at pizza pilgrims went terrible and they never texted back", "Pizza Pilgrims", None),
        ("J.P. Morgan. Three interviews, then a form letter.", "J.P. Morgan", None),
        ("I was so close. So close. Nintendo. QA tester", "Nintendo", "QA tester"),
        ("Unfortunately Barclays told me no", "Barclays", None),
        ("three interviews with McKinsey and I fall at the very last one", "McKinsey", None),
    ],
)
def test_names_are_found_where_they_stand(text: str, company: str, role: str | None, read: Read) -> None:
    said = read(text).rejection
    assert (said.company, said.role) == (company, role)


@pytest.mark.parametrize(
    "text",
    [
        "the fund said no to me and the bank said no too",
        "Hays told me the client went with someone else",
        "rejected by a stupid recruiter",
        "a startup i really liked turned me down after the recruiter call",
        "Some girl from HR rang to say I'm not what they want",
        "Sarah told me on Zoom that they went with someone else, in Bilbao",
    ],
)
def test_nobody_is_named_where_nobody_stands(text: str, read: Read) -> None:
    assert read(text).rejection.company is None


LETTER = (
    "Hi Laurent,\nthank you for your interview on Sunday. We went with somebody faster for the pastry chef position, "
    "so we will not be offering you the job. Come and eat any time.\nMira @ Fennel\n"
)


def test_who_stands_beside_a_signature_is_the_employer(read: Read) -> None:
    assert read(LETTER).rejection.company == "Fennel"


def test_their_own_mail_quoted_under_the_answer_is_no_part_of_it(read: Read) -> None:
    quoted = "\nOn Mon, 3 Feb 2025 at 09:14, Laurent wrote:\n> Thank you for the day at Globex! Any news?\n"
    alone, thread = read(LETTER), read(LETTER + quoted)
    assert thread.rejection.pasted
    assert (thread.rejection.company, thread.rejection.outcome) == ("Fennel", alone.rejection.outcome)


def test_a_recruiters_firm_that_signs_is_not_the_employer(read: Read) -> None:
    mail = (
        "Hi Tomasz, I have just spoken with Brightwater Foods. Unfortunately they will not be offering you the "
        "Production Planner role. I will keep looking for you!\nLeanne, Apex Recruitment"
    )
    assert read(mail).rejection.company == "Brightwater Foods"


@pytest.mark.parametrize(
    ("text", "company", "role"),
    [
        ("the nursing job at st marys", "St Marys", "nursing"),
        ("the phd at ETH", "ETH", "PhD"),
        ("it was for a barista job at costa", "Costa", "barista"),
        ("i have a job at a bank", None, None),
    ],
)
def test_a_bare_fact_names_what_it_was(text: str, company: str | None, role: str | None, read: Read) -> None:
    said = read(text).rejection
    assert (said.company, said.role, said.outcome) == (company, role, None)


def test_an_ordinary_word_written_small_is_no_employer() -> None:
    rules = {"rejection": [{"id": "no", "outcome": "rejected", "patterns": ["[company] said no"]}]}
    text = "gnarly said no"
    without, _ = compile_understanding({"en": rules})
    knowing, faults = compile_understanding({"en": rules}, vocabulary={"en": {"words": "gnarly"}})
    assert faults == ()
    assert (without.read(text, "en").rejection.company, knowing.read(text, "en").rejection.company) == (
        "Gnarly",
        None,
    )


def test_a_vocabulary_with_anything_but_words_is_a_fault() -> None:
    _, faults = compile_understanding({"en": {}}, vocabulary={"en": {"names": "gnarly"}})
    assert [fault.code for fault in faults] == [FaultCode.UNKNOWN_KEY]
