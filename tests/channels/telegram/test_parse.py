from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.parse import parse, peek
from bot.dialogue.events import SharedKind
from bot.dialogue.heard import Heard, HeardKind

PRIVATE = {"id": 5, "type": "private", "first_name": "Ada"}
GROUP = {"id": -7, "type": "supergroup", "title": "Jobs"}
ADA = {"id": 5, "is_bot": False, "first_name": "Ada", "language_code": "pt-br"}
BOT = {"id": 1, "is_bot": True, "first_name": "Onward", "username": "OnwardBot"}


def update(**content: Any) -> bytes:
    return json.dumps({"update_id": 1, **content}).encode()


def written(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 9, "date": 1, "chat": chat, "from": ADA, **content}


def heard(payload: bytes) -> Heard | None:
    return parse(payload, username="OnwardBot")


def said(kind: HeardKind, **more: Any) -> Heard:
    return Heard(kind=kind, message_id="9", language="pt-br", **more)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "they said no"}, said(HeardKind.TEXT, text="they said no")),
        ({"text": "/start now"}, said(HeardKind.TEXT, text="/start now")),
        ({"photo": [], "caption": "look"}, said(HeardKind.TEXT, text="look")),
        ({"text": "a\0b\ud83dc"}, said(HeardKind.TEXT, text="ab\N{REPLACEMENT CHARACTER}c")),
        ({"text": "x" * 100_000}, said(HeardKind.TEXT, text="x" * 100_000)),
        ({"text": "{{ 7*7 }} <b>"}, said(HeardKind.TEXT, text="{{ 7*7 }} <b>")),
        ({"voice": {}}, said(HeardKind.SHARED, shared=SharedKind.VOICE)),
        ({"video_note": {}}, said(HeardKind.SHARED, shared=SharedKind.VOICE)),
        ({"audio": {}}, said(HeardKind.SHARED, shared=SharedKind.VOICE)),
        ({"photo": [{}]}, said(HeardKind.SHARED, shared=SharedKind.PHOTO)),
        ({"animation": {}, "document": {}}, said(HeardKind.SHARED, shared=SharedKind.PHOTO)),
        ({"sticker": {}}, said(HeardKind.SHARED, shared=SharedKind.STICKER)),
        ({"venue": {}, "location": {}}, said(HeardKind.SHARED, shared=SharedKind.LOCATION)),
        ({"contact": {}}, said(HeardKind.SHARED, shared=SharedKind.CONTACT)),
        ({"poll": {}}, said(HeardKind.SHARED, shared=SharedKind.POLL)),
        ({"document": {}}, said(HeardKind.SHARED, shared=SharedKind.FILE)),
        ({"video": {}}, said(HeardKind.SHARED, shared=SharedKind.FILE)),
        ({"dice": {}}, said(HeardKind.SHARED, shared=SharedKind.OTHER)),
        ({"something_of_next_year": {}}, said(HeardKind.SHARED, shared=SharedKind.OTHER)),
        ({}, said(HeardKind.SHARED, shared=SharedKind.OTHER)),
        (
            {"text": "Dear Ada", "forward_origin": {"type": "hidden_user"}},
            said(HeardKind.SHARED, shared=SharedKind.FORWARD, text="Dear Ada"),
        ),
        ({"photo": [], "forward_date": 3}, said(HeardKind.SHARED, shared=SharedKind.FORWARD)),
        ({"pinned_message": {}}, None),
        ({"message_auto_delete_timer_changed": {}}, None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_a_message_is_heard_as(content: dict[str, Any], expected: Heard | None) -> None:
    assert heard(update(message=written(**content))) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ({"text": "the phone screen, I mean"}, said(HeardKind.EDIT, text="the phone screen, I mean")),
        ({"caption": "better"}, said(HeardKind.EDIT, text="better")),
        ({"location": {}}, None),
    ],
    ids=["text", "caption", "live location"],
)
def test_an_edit_is_heard_when_it_has_words(content: dict[str, Any], expected: Heard | None) -> None:
    assert heard(update(edited_message=written(**content))) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"message": written(), "data": "s:1:yes"}, said(HeardKind.TAP, data="s:1:yes")),
        ({"message": written()}, said(HeardKind.TAP)),
        (
            {"message": {"chat": PRIVATE, "message_id": 9, "date": 0}, "data": "x"},
            said(HeardKind.TAP, data="x"),
        ),
        ({"data": "\0\udfff"}, Heard(kind=HeardKind.TAP, data="\N{REPLACEMENT CHARACTER}", language="pt-br")),
        ({"data": 7}, Heard(kind=HeardKind.TAP, language="pt-br")),
        ({"message": written(GROUP), "data": "x"}, Heard(kind=HeardKind.GROUP)),
    ],
    ids=["data", "no data", "old message", "forged", "not text", "group"],
)
def test_what_a_tap_is_heard_as(query: dict[str, Any], expected: Heard) -> None:
    assert heard(update(callback_query={"id": "1", "from": ADA, **query})) == expected


@pytest.mark.parametrize(
    ("chat", "old", "new", "kind"),
    [
        (PRIVATE, "member", "kicked", HeardKind.BLOCKED),
        (PRIVATE, "kicked", "member", HeardKind.RETURNED),
        (PRIVATE, "member", "strange", None),
        (GROUP, "left", "member", HeardKind.GROUP),
        (GROUP, "left", "administrator", HeardKind.GROUP),
        (GROUP, "member", "administrator", None),
        (GROUP, "member", "kicked", None),
    ],
)
def test_what_a_change_of_membership_is_heard_as(
    chat: dict[str, Any], old: str, new: str, kind: HeardKind | None
) -> None:
    change = {
        "chat": chat,
        "from": ADA,
        "old_chat_member": {"status": old},
        "new_chat_member": {"status": new},
    }
    found = heard(update(my_chat_member=change))
    assert (found and found.kind) == kind


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"text": "hi all"}, None),
        ({"text": "hey @onwardbot, help"}, HeardKind.GROUP),
        ({"text": "/start"}, HeardKind.GROUP),
        ({"text": "/start@OnwardBot x"}, HeardKind.GROUP),
        ({"text": "/start@OtherBot"}, None),
        ({"text": "no", "reply_to_message": {"from": BOT}}, HeardKind.GROUP),
        ({"text": "no", "reply_to_message": {"from": ADA}}, None),
        ({"migrate_to_chat_id": -100123}, HeardKind.MOVED),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_group_is_heard_only_when_the_bot_is_meant(content: dict[str, Any], kind: HeardKind | None) -> None:
    found = heard(update(message=written(GROUP, **content)))
    assert (found and found.kind) == kind
    if kind is HeardKind.MOVED:
        assert found is not None
        assert found.moved_to == "-100123"


@pytest.mark.parametrize("kind", ["channel_post", "inline_query", "message_reaction", "of_next_year"])
def test_updates_of_other_kinds_are_nobody_we_talk_to(kind: str) -> None:
    assert heard(update(**{kind: {"chat": PRIVATE}})) is None


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": true, "message": {}}',
        b'{"update_id": 1, "message": []}',
        b'{"update_id": 1, "message": {"text": "secret words"}}',
        b'{"update_id": 1, "message": {"chat": 5, "text": "secret words"}}',
        b"[" * 100_000,
        b'{"update_id": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda payload: str(payload[:40]),
)
def test_what_is_no_update_is_a_value_error_without_its_words(payload: bytes) -> None:
    with pytest.raises(ValueError, match="not an update") as caught:
        heard(payload)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "address"),
    [
        ({"update_id": 3, "message": written()}, "5"),
        ({"update_id": 3, "edited_message": written()}, "5"),
        ({"update_id": 3, "callback_query": {"from": ADA, "message": written(GROUP)}}, "-7"),
        ({"update_id": 3, "callback_query": {"from": ADA}}, "5"),
        ({"update_id": 3, "my_chat_member": {"chat": PRIVATE, "from": ADA}}, "5"),
        ({"update_id": 3, "message_reaction": {"chat": PRIVATE}}, "5"),
        ({"update_id": 3, "poll_answer": {"user": ADA}}, "5"),
        ({"update_id": 3, "message": {"chat": {"id": "5"}}}, None),
        ({"update_id": 3, "message": {"chat": {"id": True}}}, None),
        ({"update_id": 3, "message": {"chat": {"id": 2**63}}}, None),
        ({"update_id": 3}, None),
    ],
    ids=lambda value: str(value)[:60],
)
def test_peek_finds_number_and_address(raw: dict[str, Any], address: str | None) -> None:
    assert peek(raw) == (3, address)


@pytest.mark.parametrize(
    "raw", [{}, {"update_id": -1}, {"update_id": 2**63}, {"update_id": "3"}, [], None, "text", 3]
)
def test_peek_gives_an_update_without_a_number_one_of_its_own(raw: object) -> None:
    number, address = peek(raw)
    assert -(2**63) <= number < 0
    assert (number, address) == peek(raw)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3)
    ),
    max_leaves=6,
)


def loosely(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Build an object that has, lacks or garbles each of its fields."""
    return (
        st.fixed_dictionaries({}, optional={name: field | anything for name, field in fields.items()})
        | anything
    )


ids = st.integers() | st.sampled_from([5, -7, 2**63])
users = loosely(id=ids, username=st.just("OnwardBot"), language_code=st.sampled_from(["en", "\0\ud800"]))
chats = loosely(id=ids, type=st.sampled_from(["private", "group", "supergroup", "channel"]))
messages = loosely(
    message_id=ids,
    chat=chats,
    text=st.text(st.characters(), max_size=20) | st.just("/x@OnwardBot"),
    caption=st.text(max_size=5),
    reply_to_message=loosely(**{"from": users}),
    migrate_to_chat_id=ids,
    photo=anything,
    voice=anything,
    forward_origin=anything,
    **{"from": users},
)
members = loosely(status=st.sampled_from(["member", "kicked", "left"]))
updates = loosely(
    update_id=ids,
    message=messages,
    edited_message=messages,
    callback_query=loosely(
        id=st.text(max_size=3), data=st.text(st.characters(), max_size=9), message=messages
    ),
    my_chat_member=loosely(chat=chats, old_chat_member=members, new_chat_member=members),
    channel_post=messages,
)


@settings(max_examples=1500, deadline=None)
@given(updates)
def test_any_update_is_heard_or_a_value_error(raw: object) -> None:
    number, address = peek(raw)
    assert -(2**63) <= number < 2**63
    assert address is None or address.lstrip("-").isdecimal()
    try:
        found = heard(json.dumps(raw).encode())
    except ValueError as error:
        assert str(error).startswith("not an update")  # noqa: PT017
        return
    if found is not None:
        for field in (
            found.text,
            found.data,
            found.language or "",
            found.message_id or "",
            found.moved_to or "",
        ):
            field.encode()
            assert "\0" not in field


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_heard_or_a_value_error(payload: bytes) -> None:
    try:
        heard(payload)
    except ValueError as error:
        assert str(error).startswith("not an update")  # noqa: PT017
