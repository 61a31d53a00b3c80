"""Who wrote a pasted mail: named for the greeting only where a person signs it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dialogue.reading import Reading

NO = "Dear Sam,\n\nThank you for your interest in Globex. We have decided to move forward with other candidates.\n\n"


@pytest.mark.parametrize(
    ("before", "after", "writer", "address"),
    [
        ("", "Kind regards,\nLena Ortiz\nTalent Partner, Globex", "Lena Ortiz", None),
        ("", "Best,\nLena", "Lena", None),
        ("", "Yours sincerely,\nDr. A. O'Neil-Müller", "Dr. A. O'Neil-Müller", None),
        (
            "From: Lena Ortiz <lena@globex.example>\nSubject: no\n\n",
            "Best,\nLena",
            "Lena",
            "lena@globex.example",
        ),
        ("From: Globex Careers <no-reply@globex.example>\n\n", "Regards,\nThe Hiring Team", None, None),
        ("", "Kind regards,\nGlobex Recruitment", None, None),
        ("", "Kind regards,\nTalent Acquisition", None, None),
        ("", "We wish you all the best. Best regards, Maria Lopez", "Maria Lopez", None),
        ("", "We wish you all the best. Best, the team", None, None),
        ("", "", None, None),
    ],
)
def test_the_writer_is_who_signs_it(
    before: str, after: str, writer: str | None, address: str | None, read: Callable[[str], Reading]
) -> None:
    rejection = read(before + NO + after).rejection
    assert rejection.pasted
    assert (rejection.writer, rejection.address) == (writer, address)


@pytest.mark.parametrize("lead", ["they wrote back: ", "got this today: ", "the recruiter answered: "])
def test_words_before_a_mail_on_its_first_line_are_the_persons_own(
    lead: str, read: Callable[[str], Reading]
) -> None:
    reading = read(lead + "we had a stronger candidate with more experience, we wish you all the best")
    assert reading.rejection.pasted
    assert all("wrote back" not in phrase.quote and "today" not in phrase.quote for phrase in reading.phrases)
