"""Updates as the Bot API could send them, and as it never should: made from the library's own types, then bent."""

from __future__ import annotations

import copy
import datetime as dt
import enum
import inspect
import random
import types
import typing
from functools import cache
from typing import Any

import telegram
from telegram import TelegramObject

from tests.dialogue.test_walks import COMMANDS, FORGED, TEXTS

HUGE = (2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, -1, 0)
ODD = (None, True, [], {}, "", "5", 1.5, [[]], {"id": None}, ["x"] * 50, "\ud800", {"text": {"text": {}}})
TOLD = ("message", "edited_message", "callback_query", "my_chat_member")
_RENAMED = {"from_user": "from"}
_DEEPEST = 4
_NAMES = {**vars(telegram), "datetime": dt, "dtm": dt}
# What only points to other things: never made.
_LEFT_OUT = {"self", "api_kwargs", "_frozen"}


class Generator:
    """Everything by lot from `dice`. `people` are the chats written from; `buttons` the data of those shown there."""

    def __init__(self, dice: random.Random, people: list[int]) -> None:
        self.dice, self.people = dice, people
        self.buttons: dict[int, list[tuple[str, int]]] = {}
        self._number = 0

    def update(self, number: int) -> Any:
        """Return an update: a good one, one of any kind the API has, or a bent one; rarely no update at all."""
        self._number = number
        chance = self.dice.random()
        if chance < 0.40:
            return self._written()
        if chance < 0.52:
            return self._tapped()
        update = self._of_any_kind()
        if chance < 0.80:
            return update
        for _ in range(self.dice.randrange(1, 5)):
            update = self._bent(update)
        return update

    def _written(self) -> dict[str, Any]:
        text = self.dice.choice(COMMANDS if self.dice.random() < 0.15 else TEXTS)
        if self.dice.random() < 0.05:
            text = "".join(chr(self.dice.randrange(1, 0x2FFFF)) for _ in range(self.dice.randrange(1, 400)))
        kind = "edited_message" if self.dice.random() < 0.08 else "message"
        message = self._message(self.dice.choice(self.people)) | {"text": text}
        return {"update_id": self._number, kind: message}

    def _tapped(self) -> dict[str, Any]:
        person = self.dice.choice(self.people)
        shown = self.buttons.get(person, [])
        data, message_id = self.dice.choice(shown) if shown else (self.dice.choice(FORGED), 1)
        if self.dice.random() < 0.1:
            data = self.dice.choice(FORGED)
        query = {
            "id": str(self._number),
            "from": self._sender(person),
            "chat_instance": "1",
            "data": data,
            "message": self._message(person) | {"message_id": message_id, "text": "x"},
        }
        return {"update_id": self._number, "callback_query": query}

    def _of_any_kind(self) -> dict[str, Any]:
        """Return an update with one of the library's kinds, its objects made from their own signatures."""
        kinds = _fields(telegram.Update)
        names = [name for name in kinds if name != "update_id"]
        name = self.dice.choice(TOLD if self.dice.random() < 0.7 else names)
        made = self._made(kinds[name][0], 0)
        person = self.dice.choice(self.people)
        if isinstance(made, dict) and self.dice.random() < 0.8:
            holder = made.get("message") if name == "callback_query" else made
            if isinstance(holder, dict):
                holder["chat"] = self._chat(person)
            made["from"] = self._sender(person)
        return {"update_id": self._number, name: made}

    def _made(self, wanted: Any, depth: int) -> Any:  # noqa: C901 - one case a type
        if wanted is Any or wanted is None or wanted is type(None):
            return self._odd()
        origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
        if origin in (typing.Union, types.UnionType):
            return self._made(self.dice.choice([each for each in arguments if each is not type(None)]), depth)
        if origin is not None and arguments:
            return [self._made(arguments[0], depth + 1) for _ in range(self.dice.randrange(3))]
        if not inspect.isclass(wanted):
            return self._odd()
        if issubclass(wanted, TelegramObject):
            return self._object(wanted, depth)
        if issubclass(wanted, enum.Enum):
            return self.dice.choice(list(wanted)).value
        if issubclass(wanted, bool):
            return self.dice.random() < 0.5
        if issubclass(wanted, int):
            return self.dice.choice(HUGE) if self.dice.random() < 0.05 else self.dice.randrange(1, 10**6)
        if issubclass(wanted, str):
            return self.dice.choice(TEXTS)
        if issubclass(wanted, dt.datetime):
            return 1_790_000_000
        if issubclass(wanted, float):
            return self.dice.uniform(-180, 180)
        return self._odd()

    def _object(self, wanted: type[TelegramObject], depth: int) -> Any:
        if wanted.__subclasses__() and self.dice.random() < 0.7:
            wanted = self.dice.choice(wanted.__subclasses__())
        made = {}
        for name, (kind, required) in _fields(wanted).items():
            if (required and depth < 2 * _DEEPEST) or (
                depth < _DEEPEST and self.dice.random() < 0.25 / (1 + depth * 2)
            ):
                made[name] = self._made(kind, depth + 1)
        return made

    def _bent(self, update: Any) -> Any:
        """Take one thing away somewhere, or put something in its place that doesn't belong there."""
        if self.dice.random() < 0.03:
            return self._odd()
        holder, key = update, None
        while isinstance(holder, dict) and holder:
            key = self.dice.choice(list(holder))
            if not isinstance(holder[key], dict) or self.dice.random() < 0.4:
                break
            holder = holder[key]
        if not isinstance(holder, dict) or key is None or key not in holder:
            return update
        match self.dice.randrange(4):
            case 0:
                del holder[key]
            case 1:
                holder[key] = self._odd()
            case 2:
                holder[key] = self.dice.choice(HUGE)
            case _:
                holder[f"{key}_of_the_future"] = holder.pop(key)
        return update

    def _odd(self) -> Any:
        return copy.deepcopy(self.dice.choice(ODD))

    def _message(self, person: int) -> dict[str, Any]:
        return {
            "message_id": self.dice.randrange(1, 10**6),
            "date": 1_790_000_000,
            "chat": self._chat(person),
            "from": self._sender(person),
        }

    def _chat(self, person: int) -> dict[str, Any]:
        return {"id": person, "type": "private", "first_name": "Ada"}

    def _sender(self, person: int) -> dict[str, Any]:
        language = self.dice.choice(("en", "es", "de", "pt-br", "xx", ""))
        return {"id": person, "is_bot": False, "first_name": "Ada", "language_code": language}


@cache
def _fields(of: type) -> dict[str, tuple[Any, bool]]:
    """Return an object's fields: its type, and whether the API always sends it."""
    fields = {}
    try:
        hints = typing.get_type_hints(of.__init__, _NAMES)
    except (NameError, TypeError):
        hints = {}
    for name, parameter in inspect.signature(of.__init__).parameters.items():
        if name not in _LEFT_OUT and parameter.kind is not parameter.VAR_KEYWORD:
            required = parameter.default is parameter.empty
            fields[_RENAMED.get(name, name)] = (hints.get(name, Any), required)
    return fields
