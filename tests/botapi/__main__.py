"""Run the server: `python -m tests.botapi --port 8081`. Its first line tells where it listens."""

from __future__ import annotations

import argparse
import asyncio
import signal

from tests.botapi.server import TOKEN, BotApi


async def _serve(options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    settings = {"token": options.token, "latency": options.latency, "log": not options.no_log}
    async with BotApi.running(host=options.host, port=options.port, **settings) as api:
        print(f"Bot API listening on {api.url}", flush=True)
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.botapi", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free one")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before every call is looked at")
    parser.add_argument("--no-log", action="store_true", help="don't keep the calls, for long runs")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
