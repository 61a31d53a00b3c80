"""A firm's name and a post's, chosen among all that a pasted mail offers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dialogue.reading import Reading
from bot.understanding.layout import Zone, lines_of

Read = Callable[[str], Reading]

_NO = "we are sorry to tell you that we have decided to move forward with another candidate."


def _named(read: Read, text: str) -> tuple[str | None, str | None]:
    reading = read(text)
    assert reading.rejection.pasted
    return reading.rejection.company, reading.rejection.role


def test_a_signature_without_any_announcing_word_names_the_firm(read: Read) -> None:
    text = (
        f"Dear Ana,\n\nThank you for coming in. Unfortunately {_NO}\n\nKind regards,\n\nPeter Lund\nHead of Design\n"
        "Brasswick & Moor"
    )
    assert _named(read, text)[0] == "Brasswick & Moor"


def test_an_agency_that_signs_is_not_the_firm_it_writes_about(read: Read) -> None:
    text = (
        "Hi Sam,\n\nI've heard from our client, Orchard Dairies, about the Site Manager role. They have decided to go "
        "with another candidate, I'm afraid.\n\nBest,\nKim\nTopflight Recruitment"
    )
    assert _named(read, text) == ("Orchard Dairies", "site manager")


def test_who_signs_and_who_is_greeted_is_no_firm(read: Read) -> None:
    text = (
        f"Dear Olivia Marsh,\n\nThank you for your application. Unfortunately {_NO}\n\nKind regards,\n\n"
        "Carol Njoroge"
    )
    assert _named(read, text)[0] is None


def test_a_sender_s_address_names_a_firm_that_nothing_else_names(read: Read) -> None:
    text = (
        "From: careers@tallowmere.example\nSubject: Your application\n\nDear Pavel,\n\nThank you for applying for the "
        f"Test Engineer position. Unfortunately {_NO}\n"
    )
    assert _named(read, text) == ("Tallowmere", "test engineer")


def test_the_machinery_that_sent_a_mail_is_no_firm(read: Read) -> None:
    text = (
        "From: Workday <no-reply@myworkday.example>\nSubject: Pinehill Clinic: Dental Nurse\n\nDear Jo,\n\n"
        f"Thank you for your interest in the Dental Nurse role at Pinehill Clinic. Unfortunately {_NO}\n"
    )
    assert _named(read, text) == ("Pinehill Clinic", "dental nurse")


def test_a_requisition_number_is_no_part_of_a_post(read: Read) -> None:
    text = (
        "Dear Jo,\n\nThank you for your application for Payroll Officer (REQ-20931) at Harrowgate Foods. "
        f"Unfortunately {_NO}"
    )
    assert _named(read, text) == ("Harrowgate Foods", "payroll officer")


def test_what_a_post_is_of_belongs_to_it(read: Read) -> None:
    text = (
        "Dear Jo,\n\nThank you for applying for the post of Lecturer in Social Work at Arden University. "
        f"Unfortunately {_NO}"
    )
    assert _named(read, text)[1] == "lecturer in social work"


def test_a_line_of_headers_is_never_joined_to_the_one_before(read: Read) -> None:
    text = (
        "From: recruitment@stalbans-hospital.example\nSent: Tuesday, 14 May 2024 16:12\nTo: Aoife Kelly\n"
        "Subject: Outcome of interview - Ward Manager\n\nDear Ms Kelly,\n\nI regret to inform you that you were not "
        "successful at interview in St Alban's Hospital.\n\nYours sincerely,\nMaura Tiernan"
    )
    assert _named(read, text) == ("St Alban's Hospital", "ward manager")


def test_lines_are_known_by_what_they_are_for() -> None:
    text = (
        "Subject: News\n\nPosition: Cook\n\nHi Jo,\n\nThank you for coming. We chose somebody else.\n\nBest,\nAda\n"
        "Harbour Inn\n\nThis message is confidential and meant for nobody but the one it was sent to, please delete it."
    )
    assert [line.zone for line in lines_of(text)] == [
        Zone.SUBJECT,
        Zone.TOP,
        Zone.GREETING,
        Zone.BODY,
        Zone.CLOSING,
        Zone.SIGN,
        Zone.SIGN,
        Zone.FOOT,
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "(", "The", "Dear Jo,\n\n", "A. " * 200, "(A, " * 200])
def test_no_text_is_too_odd_to_be_laid_out(text: str, read: Read) -> None:
    assert all(line.words for line in lines_of(text))
    read(f"{text}\nDear Jo,\nUnfortunately {_NO}\n{text}")


@pytest.mark.parametrize(
    ("signed", "company"),
    [
        ("T. Moyo\nfor: Hwedza Pump Works (Pvt) Ltd", "Hwedza Pump Works (Pvt) Ltd"),
        ("Dr. Filipa Moura\nCaves do Vale, S.A.", "Caves do Vale, S.A."),
        ("Kenji Mori\nHanamori Lathe Co., Ltd.", "Hanamori Lathe Co., Ltd."),
        ("jan\nbellweather & sons", "Bellweather & Sons"),
        ("Marlene Oduya\nCopper Skillet\nSent from my Galaxy", "Copper Skillet"),
        ("P. Donnelly\nPractice Manager", None),
        (
            "i.V. Sabine Krug\nPersonalabteilung\nFalkenried Pumpen GmbH & Co. KG",
            "Falkenried Pumpen GmbH & Co. KG",
        ),
        ("Recruitment Dept.\nGulf Crane Services W.L.L.", "Gulf Crane Services W.L.L."),
        ("Campaign Unit\nNational Posts Office\non behalf of the Bog Survey", "Bog Survey"),
        ("Ida Lund\nWattsee Robotics GmbH\nLange Str. 4", "Wattsee Robotics GmbH"),
        (
            "Workforce Services\nOsage School District\nAn Equal Opportunity Employer M/F/D/V",
            "Osage School District",
        ),
    ],
)
def test_a_firm_s_name_is_taken_as_it_signs(signed: str, company: str | None, read: Read) -> None:
    text = f"Dear Ana,\n\nThank you for your application. Unfortunately {_NO}\n\nKind regards,\n\n{signed}"
    assert _named(read, text)[0] == company


def test_who_tells_what_others_decided_is_a_go_between_without_saying_so(read: Read) -> None:
    text = (
        "Hi Priya,\n\nThe guys at Yarra Physio had a think and they're after someone full-time. They've asked me "
        "to let you know they won't be proceeding for the Senior Physiotherapist role.\n\nChat soon,\n\n"
        "Bronte Clarke\nBrindle"
    )
    assert _named(read, text) == ("Yarra Physio", "senior physiotherapist")


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Tester (manual)", "tester (manual)"),
        ("Staff Nurse, Oncology", "staff nurse, oncology"),
        ("Project Manager - Signalling", "project manager - signalling"),
        ("Payroll Officer (full-time)", "payroll officer"),
        ("Payroll Officer (REQ-33120)", "payroll officer"),
        ("Payroll Officer x 3 (Permanent)", "payroll officer"),
        ("Clerk's", "clerk"),
    ],
)
def test_what_stands_behind_a_title_belongs_to_it_if_it_says_more_of_the_work(
    title: str, role: str, read: Read
) -> None:
    text = f"Dear Jo,\n\nThank you for applying for the {title} role at Harrowgate Foods. Unfortunately {_NO}"
    assert (_named(read, text)[1] or "").lower() == role


def test_a_fuller_name_in_the_small_print_is_not_how_a_firm_is_called(read: Read) -> None:
    text = (
        f"Dear Jo,\n\nThank you for applying to Ledgerly. Unfortunately {_NO}\n\nBest,\n\nThe Ledgerly Team\n\n"
        "You receive this e-mail because you applied to a post with us, and it comes from an unattended mailbox.\n"
        "Ledgerly Inc., 500 Tern Street"
    )
    assert _named(read, text)[0] == "Ledgerly"


def test_a_title_before_a_name_ends_no_greeting() -> None:
    text = f"Good afternoon Mrs. Petrova\n\nThank you for coming in. {_NO.capitalize()}\n\nYours,\nJ. Birkett"
    assert lines_of(text)[0].zone is Zone.GREETING


def test_a_line_that_is_no_more_than_marks_is_no_line() -> None:
    assert [line.zone for line in lines_of("---\nDear Jo,\n\nWe met on Monday.\n***")] == [
        Zone.GREETING,
        Zone.BODY,
    ]


def test_a_recruiter_s_firm_is_not_the_client_it_does_not_name(read: Read) -> None:
    text = (
        "Hi Rob,\n\nSpoke to the client about the Site Manager role in Swindon. They're not taking it any further, "
        "they felt you were light on concrete.\n\nCheers\nGaz\nMortar Lane Recruitment Ltd"
    )
    assert _named(read, text) == (None, "site manager")
