"""A letter over real HTTP: one message that is edited, a button that copies, a file that a mail program opens."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from tests.botapi import BotApi
from tests.botapi.chats import Posted
from tests.crash.forking import Forge
from tests.e2e.peek import Peek
from tests.e2e.process import Bot, environment, serving, until
from tests.e2e.test_chat_command import chat

pytestmark = pytest.mark.slow
OPENING = "rejected by Globex after the final round for the ux designer role. help me ask them for feedback"


async def test_the_draft_is_edited_in_place_and_sent_as_a_mail_file(
    tmp_path: Path, real_content: Path, forge: Forge
) -> None:
    async with BotApi.running() as api:
        settings = environment(tmp_path, api.url, api.token, ONWARD_CONTENT_DIR=str(real_content))
        person, peek = api.person(77), Peek.at(tmp_path / "onward.db")

        async def settled(bot: Bot) -> None:
            await until(lambda: not api.updates.pending and not peek.waiting(), bot)

        def draft() -> Posted:
            shown = [each for each in person.chat.messages.values() if each.by_bot and not each.deleted]
            (one,) = [each for each in shown if each.text.startswith("Subject:")]
            return one

        async with serving(settings, tmp_path, api, starts=forge.start) as bot:
            await person.write(OPENING)
            await settled(bot)
            first = draft()
            assert "[their name]" in first.text
            sent = len(api.calls("sendMessage"))
            for act in ("O'Neil-Müller 李雷", "[Nothing special]", "[I'll sign it myself]", "[More formal]"):
                await (person.tap(act[1:-1]) if act.startswith("[") else person.write(act))
                await settled(bot)
            assert draft().id == first.id
            assert len(api.calls("sendMessage")) == sent, "the draft is edited, not repeated"
            assert len(api.calls("editMessageText")) == 4
            assert "Dear O'Neil-Müller 李雷," in draft().text
            (copy,) = [button["copy_text"]["text"] for button in draft().buttons if "copy_text" in button]
            assert f"Subject: {copy}\n" in draft().text
            assert [entity["type"] for entity in draft().entities] == ["code", "pre"]
            await person.tap("Change something")
            await settled(bot)
            await person.tap("Their address")
            await settled(bot)
            await person.write("lena@globex.example")
            await settled(bot)
            await person.tap("As a mail file")
            await settled(bot)
            (file,) = [each for each in person.chat.messages.values() if each.kind == "document"]
            assert file.file_name == "letter.eml"
            assert file.file is not None
            mail = message_from_bytes(file.file, policy=SMTP)
            assert mail["X-Unsent"] == "1"
            assert mail["Subject"] == copy
            assert mail["To"].addresses[0].display_name == "O'Neil-Müller 李雷"
            assert mail["To"].addresses[0].addr_spec == "lena@globex.example"
            assert mail.get_content().replace("\r\n", "\n").strip() in draft().text
            assert draft().id > file.id, "the draft is at hand again, and still only once"
        assert peek.records()["letters"][-1]["recipient"] == "O'Neil-Müller 李雷"


async def test_a_terminal_shows_the_letter_and_names_the_file(tmp_path: Path, real_content: Path) -> None:
    lines = [OPENING, "[Leave all gaps out]", "[More formal]", "[As a mail file]"]
    code, out, err = await chat("\n".join(lines).encode(), tmp_path, real_content)
    assert (code, err) == (0, "")
    assert "Subject: The UX designer role at Globex" in out
    assert "Onward (changed): Subject:" in out
    assert "(file letter.eml," in out
