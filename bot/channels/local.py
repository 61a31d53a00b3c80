"""How the chats on this machine, in a terminal and in a browser, write down what they heard."""

from __future__ import annotations

import json

from bot.dialogue.events import SharedKind
from bot.dialogue.heard import Heard, HeardKind


def to_payload(heard: Heard) -> bytes:
    fields = {
        "kind": heard.kind,
        "text": heard.text,
        "data": heard.data,
        "shared": heard.shared,
        "message_id": heard.message_id,
        "language": heard.language,
    }
    return json.dumps(fields).encode()


def parse(payload: bytes) -> Heard:
    """Return what `to_payload` wrote, in this version or an earlier one. Raises `ValueError` on anything else."""
    fields = json.loads(payload)
    shared = fields["shared"]
    return Heard(
        kind=HeardKind(fields["kind"]),
        text=str(fields["text"]),
        data=str(fields["data"]),
        shared=SharedKind(shared) if shared else None,
        message_id=fields.get("message_id"),
        language=fields.get("language"),
    )
