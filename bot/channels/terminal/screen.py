"""How messages look in a terminal; also the terminal's `Sender`."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text as Styled

from bot.dialogue.message import Button, Message, SpanKind, Text
from bot.store.ports import Outcome, Sent

_STYLES = {SpanKind.BOLD: "bold", SpanKind.ITALIC: "italic", SpanKind.CODE: "cyan", SpanKind.PRE: "cyan"}
NAME = "Onward"


class Screen:
    """Prints bubbles and remembers the open buttons. `console` decides about colour: none when piped.

    Files go into `folder`.
    """

    def __init__(self, console: Console, folder: Path) -> None:
        self._console = console
        self._folder = folder
        self._last_id = 0
        self._open_id = ""
        self.buttons: tuple[Button, ...] = ()

    async def say(self, address: str, message: Message) -> Outcome:
        self._last_id += 1
        self._show(NAME, message)
        if message.rows:
            self._open_id = str(self._last_id)
        return Sent(message_id=str(self._last_id))

    async def send_file(self, address: str, name: str, mime: str, content: bytes, caption: str) -> Outcome:
        self._last_id += 1
        file = self._folder / "files" / Path(name).name
        file.parent.mkdir(exist_ok=True, mode=0o700)
        file.write_bytes(content)
        self.note(f"file {file.name}, {len(content)} bytes")
        if caption:
            self._show(NAME, Message(text=Text(plain=caption)))
        return Sent(message_id=str(self._last_id))

    async def edit(self, address: str, message_id: str, message: Message) -> Outcome:
        self._show(f"{NAME} (changed)", message)
        return Sent()

    async def close_buttons(self, address: str, message_id: str, chosen: str | None) -> Outcome:
        if message_id == self._open_id:
            self.buttons = ()
        return Sent()

    async def delete(self, address: str, message_ids: tuple[str, ...]) -> Outcome:
        self.note(f"{len(message_ids)} messages deleted")
        return Sent()

    def note(self, line: str) -> None:
        """Print something that is not said by the bot."""
        self._print(Styled(f"({line})", style="dim"))

    def _show(self, who: str, message: Message) -> None:
        line = Styled(f"{who}: ", style="bold green")
        line.append_text(_styled(message.text))
        self._print(line)
        if message.rows:
            self.buttons = tuple(button for row in message.rows for button in row)
            for row in message.rows:
                self._print(Styled("  " + " ".join(f"[{button.label}]" for button in row), style="yellow"))

    def _print(self, line: Styled) -> None:
        self._console.print(line, soft_wrap=True, highlight=False)


def _styled(text: Text) -> Styled:
    styled = Styled(text.plain, style="default not bold")
    for span in text.spans:
        styled.stylize(_STYLES[span.kind], span.start, span.start + span.length)
    return styled
