"""A letter as a mail file: read back by the standard library it is what was written, whatever was written."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.effects import SendLetter
from bot.dialogue.targets import TARGETS, fit
from bot.service.eml import as_file

AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
OURS = {"x-unsent", "date", "subject", "to", "content-type", "content-transfer-encoding", "mime-version"}


def read_back(letter: SendLetter) -> EmailMessage:
    parsed = message_from_bytes(as_file(letter, made_at=AT), policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


def letter(**fields: str | None) -> SendLetter:
    known: dict[str, str | None] = {"subject": "One question", "body": "Hello,\n\nthank you.\n\nSam"}
    return SendLetter(key="1.letter", file_name="letter.eml", **(known | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["O'Neil-Müller", "李雷", "<script>", "Weiß, Lena", 'Jo "JJ" Smith', "🙂 Kim", "{{x}}"]
)
def test_the_file_is_the_letter_field_by_field(name: str) -> None:
    body = f"Dear {name},\n\nThank you for the time you gave me. Größe, naïveté, 日本語.\n.\nFrom here on\n\n{name}"
    parsed = read_back(
        letter(to="lena@firm.example", to_name=name, subject=f"The role at {name}: Grüße", body=body)
    )
    assert parsed["X-Unsent"] == "1"
    assert parsed["Subject"] == f"The role at {name}: Grüße"
    (to,) = parsed["To"].addresses
    assert (to.display_name, to.addr_spec) == (name, "lena@firm.example")
    assert parsed.get_content_type() == "text/plain"
    assert parsed.get_content_charset() == "utf-8"
    assert parsed.get_content().replace("\r\n", "\n") == body + "\n"
    assert parsed["Date"].datetime == AT
    assert "From" not in parsed


def test_without_an_address_there_is_none() -> None:
    parsed = read_back(letter(to=None, to_name="Lena"))
    assert "To" not in parsed
    assert {key.casefold() for key in parsed} == OURS - {"to"}


words = st.text(max_size=200) | st.sampled_from(
    [
        "a\r\nBcc: all@firm.example",
        "a\nBcc: x@y.example",
        "a\u2028b",
        "a\0b",
        "=?utf-8?q?x?=",
        "x\x0bTo: y@z.example",
    ]
)


@given(subject=words, name=words, body=words, address=words)
def test_nothing_gets_into_the_headers_through_any_field(
    subject: str, name: str, body: str, address: str
) -> None:
    fields = {"recipient": name, "address": address}
    kept = {field: fit(TARGETS[f"letter.{field}"].holds, value) for field, value in fields.items()}
    to = str(kept["address"]) if kept["address"] else "lena@firm.example"
    clean = body.encode("utf-8", "replace").decode()
    subject = subject.encode("utf-8", "replace").decode()
    to_name = str(kept["recipient"] or "").encode("utf-8", "replace").decode()
    parsed = read_back(letter(to=to, to_name=to_name, subject=subject, body=clean))
    assert {key.casefold() for key in parsed} == OURS
    assert len(parsed.keys()) == len(OURS)
    assert "\n" not in parsed["Subject"]
    assert [address.addr_spec for address in parsed["To"].addresses] == [to]
    assert parsed["To"].addresses[0].display_name == to_name.replace("=?", "= ?")


@pytest.mark.parametrize(
    "address",
    [
        "a@b\nBcc: c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "Lena <a@b.example>",
        "a@b",
        "lena@firm,example",
        "@firm.example",
        "lena",
        "a b@firm.example",
        "a@firm..example",
        "x" * 70 + "@firm.example",
        '"a\\"b"@firm.example',
        "a@firm.example>",
        "",
    ],
)
def test_what_is_no_single_address_is_taken_for_none(address: str) -> None:
    assert fit(TARGETS["letter.address"].holds, address) is None


@pytest.mark.parametrize("address", ["lena.weiss@firm.example", "o'neil+jobs@mail.firm.co.uk", " a@b.io "])
def test_an_address_is_one(address: str) -> None:
    assert fit(TARGETS["letter.address"].holds, address) == address.strip()


@given(st.text(max_size=300))
def test_a_field_of_a_letter_is_one_line_or_nothing(text: str) -> None:
    line = fit(TARGETS["letter.specific"].holds, text)
    assert line is None or (len(str(line).splitlines()) == 1 and 0 < len(str(line)) <= 200)
