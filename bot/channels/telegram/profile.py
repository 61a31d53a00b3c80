"""What people see before they write: the command menu and the two descriptions, per language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bot.channels.telegram.api import Api

log = structlog.get_logger(__name__)

_PRIVATE = BotCommandScopeAllPrivateChats()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Commands are (name without the slash, what it does). Telegram takes 512 and 120 characters of description."""

    commands: tuple[tuple[str, str], ...]
    description: str
    short_description: str


async def publish_profiles(api: Api, profiles: Mapping[str, Profile], *, default: str = "en") -> None:
    """Set what differs from what Telegram has. `default` is also for people of every other language.

    Never raises for what the API does: people can write to a bot without a menu, so it is a warning.
    """
    for locale, profile in profiles.items():
        code = locale.replace("_", "-").partition("-")[0]
        for language in ("", code) if locale == default else (code,):
            await _publish(api.bot, language, profile)


async def _publish(bot: Bot, language: str, profile: Profile) -> None:
    code = language or None
    await _warn("commands", language, lambda: _commands(bot, code, profile.commands))
    await _warn("description", language, lambda: _description(bot, code, profile.description))
    await _warn("short description", language, lambda: _short(bot, code, profile.short_description))


async def _commands(bot: Bot, code: str | None, wanted: tuple[tuple[str, str], ...]) -> None:
    commands = [BotCommand(name, about) for name, about in wanted]
    if list(await bot.get_my_commands(scope=_PRIVATE, language_code=code)) != commands:
        await bot.set_my_commands(commands, scope=_PRIVATE, language_code=code)


async def _description(bot: Bot, code: str | None, wanted: str) -> None:
    # Asked first: Telegram lets these be set only a few times a day.
    if (await bot.get_my_description(language_code=code)).description != wanted:
        await bot.set_my_description(wanted, language_code=code)


async def _short(bot: Bot, code: str | None, wanted: str) -> None:
    if (await bot.get_my_short_description(language_code=code)).short_description != wanted:
        await bot.set_my_short_description(wanted, language_code=code)


async def _warn(what: str, language: str, publish: Callable[[], Awaitable[None]]) -> None:
    try:
        await publish()
    except (TelegramError, TypeError, KeyError, ValueError) as error:
        reason = error.message if isinstance(error, TelegramError) else type(error).__name__
        log.warning("telegram_profile_not_set", what=what, language=language or "default", reason=reason)
