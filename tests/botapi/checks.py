"""What the Bot API checks in a call's arguments, and what it says when they are wrong."""

from __future__ import annotations

import json
import re
from typing import Any


class Refusal(Exception):
    """A call refused: the HTTP code, the API's words and its response parameters."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> Refusal:
    return Refusal(400, f"Bad Request: {description}")


class Arguments:
    """A call's arguments: from JSON they come as values, from a form as text."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given

    def has(self, name: str) -> bool:
        return self.given.get(name) is not None

    def integer(self, name: str, default: int | None = None) -> int:
        value = self.given.get(name, default)
        try:
            return int(value)
        except (TypeError, ValueError):
            raise bad(f'parameter "{name}" is not a number') from None

    def text(self, name: str, default: str = "") -> str:
        value = self.given.get(name, default)
        value = value if isinstance(value, str) else str(value)
        try:
            value.encode()
        except UnicodeEncodeError:
            raise bad("strings must be encoded in UTF-8") from None
        return value

    def json(self, name: str, default: Any = None) -> Any:
        value = self.given.get(name)
        if value is None or value == "":
            return default
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None

    def flag(self, name: str) -> bool:
        return self.given.get(name) in (True, "true", "True", "1", 1)


def units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def message_text(arguments: Arguments, name: str = "text", limit: int = 4096) -> str:
    text = arguments.text(name)
    if not text.strip():
        raise bad("message text is empty")
    if units(text) > limit:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    return text


def entities(arguments: Arguments, text: str, name: str = "entities") -> list[dict[str, Any]]:
    """Stricter than the real one, which drops what is out of range: a test should see it."""
    found = arguments.json(name, [])
    for entity in found:
        if not isinstance(entity, dict) or not {"type", "offset", "length"} <= entity.keys():
            raise bad("can't parse MessageEntity: fields are missing")
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if start < 0 or entity["length"] <= 0 or end > units(text):
            raise bad(f"can't parse entities: entity from {start} to {end} is outside of the text")
        if not text.isascii():
            _whole_characters(text, start, end)
    return found


def _whole_characters(text: str, start: int, end: int) -> None:
    encoded = text.encode("utf-16-le")
    try:
        encoded[2 * start : 2 * end].decode("utf-16-le")
    except UnicodeDecodeError:
        raise bad("can't parse entities: entity cuts a character in two") from None


def inline_keyboard(arguments: Arguments) -> dict[str, Any] | None:
    markup = arguments.json("reply_markup")
    if markup is None:
        return None
    rows = markup.get("inline_keyboard") if isinstance(markup, dict) else None
    if not isinstance(rows, list):
        raise bad("can't parse reply keyboard markup JSON object")
    buttons = [button for row in rows for button in row]
    for button in buttons:
        _button(button)
    if len(buttons) > 100:
        raise bad("reply markup is too long")
    return {"inline_keyboard": rows} if buttons else None


def _button(button: dict[str, Any]) -> None:
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise bad('can\'t parse inline keyboard button: field "text" must be non-empty')
    kinds = [kind for kind in ("callback_data", "url", "copy_text", "web_app", "login_url") if kind in button]
    if len(kinds) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data, url, copied = button.get("callback_data"), button.get("url"), button.get("copy_text")
    if data is not None and not 1 <= len(str(data).encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if url is not None and not re.match(r"(https?|tg|mailto|tel):", str(url)):
        raise bad(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if copied is not None and not 1 <= len(copied.get("text", "")) <= 256:
        raise bad("BUTTON_COPY_TEXT_INVALID")


def commands(arguments: Arguments) -> list[dict[str, str]]:
    found = arguments.json("commands", [])
    if len(found) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in found:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    return found
