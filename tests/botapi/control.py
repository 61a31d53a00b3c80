"""The server's own HTTP interface, for a test in another process; `remote.py` speaks it."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

if TYPE_CHECKING:
    from tests.botapi.server import BotApi

_PERSON = {
    "write",
    "edit",
    "tap",
    "tap_data",
    "share",
    "forward",
    "block",
    "unblock",
    "leave_telegram",
    "replies",
    "transcript",
}


async def control(api: BotApi, request: web.BaseRequest) -> web.Response:
    """Answer POST /control/<what> with a JSON object of arguments: 200 and JSON, or 400 and the reason."""
    body = await request.read()
    given: dict[str, Any] = json.loads(body) if body else dict(request.query)
    try:
        result = await _do(api, request.path.removeprefix("/control/"), given)
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        return web.json_response({"error": str(error)}, status=400)
    return web.json_response({"result": result})


async def _do(api: BotApi, what: str, given: dict[str, Any]) -> Any:
    match what:
        case "person":
            return await _person(api, **given)
        case "texts":
            # In this order, in one go: [[chat, text], …]
            return [await api.person(int(chat)).write(text) for chat, text in given["texts"]]
        case "updates":
            return [_push(api, update) for update in given["updates"]]
        case "fail":
            return api.fail(**given)
        case "clear":
            return api.faults.clear()
        case "latency":
            api.latency = float(given["seconds"])
            return None
        case "calls":
            return [dataclasses.asdict(call) for call in api.calls(given.get("method"))]
        case "transcript":
            return api.transcript(int(given["chat"]))
        case "state":
            return _state(api)
    raise ValueError(f"no control named {what}")


async def _person(
    api: BotApi, chat: int, do: str, arguments: dict[str, Any] | None = None, **who: Any
) -> Any:
    if do not in _PERSON:
        raise ValueError(f"a person can't {do}")
    result = await getattr(api.person(chat, **who), do)(**(arguments or {}))
    return [dataclasses.asdict(shown) for shown in result] if do == "replies" else result


def _push(api: BotApi, update: Any) -> int:
    """Queue a raw update: text as it is, an object with the next number unless it has one."""
    if isinstance(update, str):
        return api.updates.push_raw(update)
    number = update.setdefault("update_id", api.updates.next_id)
    api.updates.next_id = max(api.updates.next_id, number + 1)
    return api.updates.push_raw(json.dumps(update), number=number)


def _state(api: BotApi) -> dict[str, Any]:
    return {
        "pending": len(api.updates.pending),
        "confirmed": api.updates.confirmed,
        "webhook": api.updates.webhook,
        "calls": len(api.calls_made),
        "chats": {str(number): len(chat.messages) for number, chat in api.methods.chats.items()},
        "settings": [[*key, value] for key, value in api.methods.settings.items()],
    }
