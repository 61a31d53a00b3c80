"""The bot one would ordinarily write, for comparison: python-telegram-bot's Application and ConversationHandler by long
polling, each step saved with SQLAlchemy's async ORM to SQLite. Three questions in a circle, as in `content/`.

`python -m benchmarks.ordinary API_URL TOKEN DATABASE`, or `-` for DATABASE: then it keeps everything in memory.
"""

from __future__ import annotations

import sys
from typing import Any

from sqlalchemy import ForeignKey, event
from sqlalchemy.ext.asyncio import AsyncEngine, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatAction
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

QUESTIONS = (
    "What happened? Write it as it comes.",
    "What do you take from it?",
    "What is the next small step?",
)
GO_ON = InlineKeyboardMarkup([[InlineKeyboardButton("Go on", callback_data="go-on")]])
CHOSEN = InlineKeyboardMarkup([[InlineKeyboardButton("✓ Go on", callback_data="0")]])


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int]


class Answer(Base):
    __tablename__ = "answers"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    step: Mapped[int]
    text: Mapped[str]


class Ordinary:
    """`sessions` None keeps nothing but what the library holds in memory."""

    def __init__(self, sessions: async_sessionmaker | None) -> None:
        self._sessions = sessions

    async def begin(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        await self._typing(update, context)
        await self._save(update, 0, None)
        await self._ask(update, context, 0)
        return 0

    async def answered(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        step: int = context.user_data["step"]
        if update.callback_query is not None:
            await update.callback_query.answer()
        await self._typing(update, context)
        tapped = update.callback_query is not None
        await context.bot.edit_message_reply_markup(
            update.effective_chat.id, context.user_data["asked"], reply_markup=CHOSEN if tapped else None
        )
        following = (step + 1) % len(QUESTIONS)
        await self._save(update, following, "pass" if tapped else update.message.text)
        await self._ask(update, context, following)
        return following

    async def _typing(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await context.bot.send_chat_action(update.effective_chat.id, ChatAction.TYPING)

    async def _save(self, update: Update, step: int, text: str | None) -> None:
        if self._sessions is None:
            return
        async with self._sessions() as session, session.begin():
            person = await session.get(Person, update.effective_user.id)
            if person is None:
                person = Person(id=update.effective_user.id, step=step)
                session.add(person)
            if text is not None:
                session.add(Answer(person_id=person.id, step=person.step, text=text))
            person.step = step

    async def _ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE, step: int) -> None:
        asked = await context.bot.send_message(update.effective_chat.id, QUESTIONS[step], reply_markup=GO_ON)
        context.user_data.update(step=step, asked=asked.message_id)


def main(api_url: str, token: str, database: str) -> None:
    engine = None if database == "-" else _engine(database)
    ordinary = Ordinary(async_sessionmaker(engine, expire_on_commit=False) if engine else None)
    step = [
        MessageHandler(filters.TEXT & ~filters.COMMAND, ordinary.answered),
        CallbackQueryHandler(ordinary.answered),
    ]
    conversation = ConversationHandler(
        entry_points=[CommandHandler("start", ordinary.begin)],
        states=dict.fromkeys(range(len(QUESTIONS)), step),
        fallbacks=[CommandHandler("start", ordinary.begin)],
    )

    async def set_up(_: Application) -> None:
        if engine is not None:
            async with engine.begin() as connection:
                await connection.run_sync(Base.metadata.create_all)

    application = Application.builder().token(token).base_url(f"{api_url}/bot").post_init(set_up).build()
    application.add_handler(conversation)
    application.run_polling(allowed_updates=["message", "callback_query"])


def _engine(database: str) -> AsyncEngine:
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}")

    # As durable as ours: a commit has reached the disk.
    @event.listens_for(engine.sync_engine, "connect")
    def _set_up(connection: Any, _entry: object) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    return engine


if __name__ == "__main__":
    import warnings

    warnings.filterwarnings("ignore", message="If 'per_message=False'")
    main(*sys.argv[1:])
