"""A letter as an .eml file (RFC 5322), which mail programs open as a draft that is still to be sent."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from bot.dialogue.effects import SendLetter

MIME = "message/rfc822"
# One line a header however long: some programs show a folded name with the fold in it.
_POLICY = SMTP.clone(max_line_length=998)


def as_file(letter: SendLetter, *, made_at: datetime) -> bytes:
    """Return the file. It has no `From`: the mail program that opens it knows whose it is."""
    made = EmailMessage(policy=_POLICY)
    made["X-Unsent"] = "1"  # a draft to Outlook, Windows Mail and Apple's; others offer "edit as new"
    made["Date"] = made_at
    made["Subject"] = _header(letter.subject)
    if letter.to:
        name, _, domain = letter.to.rpartition("@")
        made["To"] = Address(display_name=_header(letter.to_name or ""), username=name, domain=domain)
    made.set_content(letter.body, charset="utf-8", cte="quoted-printable")
    return made.as_bytes()


def _header(words: str) -> str:
    # The letter's fields are single lines already; what stands in a header must be one whatever made it, and
    # must not pass for an encoded word (RFC 2047), which readers would decode.
    line = " ".join("".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in words).split())
    return line.replace("=?", "= ?")
