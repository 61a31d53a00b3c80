"""A Bot API server on the loopback interface, as an outside emulator would be: real HTTP, real rules, faults on demand.

In a test: `async with BotApi.running() as api:`, then `api.url` and `api.token` go to the bot and
`api.person(5)` writes to it. As a process of its own: `python -m tests.botapi --port 0`, driven by `RemoteBotApi`.
"""

from tests.botapi.faults import Fault, FaultKind
from tests.botapi.person import Person, Shown
from tests.botapi.remote import RemoteBotApi, RemotePerson
from tests.botapi.server import BotApi, Call

__all__ = ["BotApi", "Call", "Fault", "FaultKind", "Person", "RemoteBotApi", "RemotePerson", "Shown"]
