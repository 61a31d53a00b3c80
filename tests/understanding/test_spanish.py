"""Spanish: floors on our own sentences, of Spain and of America. A third of each kind is held out, by the sentence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from bot.dialogue.reading import Concern, Intent, Reading, Risk
from bot.understanding import Understanding

ALARMING = {
    "explicit": 0.95,
    "oblique": 0.9,
    "self_harm": 0.95,
    "means_after_loss": 0.95,
    "past": 0.95,
    "other": 0.95,
}
QUIET = {"sad": 0.05, "idiom": 0.07, "everyday": 0.0, "distress": 0.0, "denied": 0.0, "bereaved": 0.0}
HALVES = ["worked from", "held out"]

Read = Callable[[str], Reading]


@pytest.fixture(scope="module")
def spanish(understanding: Understanding) -> Read:
    return lambda text: understanding.read(text, "es")


@pytest.fixture(scope="module")
def ours(sentences: Callable[[str], Any]) -> Any:
    return sentences("spanish")


def _half(texts: Iterable[str], half: str) -> list[str]:
    held_out = half == "held out"
    return [t for t in texts if (int(hashlib.sha256(t.encode()).hexdigest(), 16) % 3 == 0) is held_out]


def _share(hits: Iterable[bool]) -> float:
    found = list(hits)
    return sum(found) / len(found)


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("kind", ALARMING)
def test_danger_told_in_spanish_is_seen(kind: str, half: str, spanish: Read, ours: Any) -> None:
    assert _share(spanish(text).risk.alarms for text in _half(ours["danger"][kind], half)) >= ALARMING[kind]


@pytest.mark.parametrize("kind", QUIET)
def test_what_is_no_danger_in_spanish_does_not_alarm(kind: str, spanish: Read, ours: Any) -> None:
    assert _share(spanish(text).risk.alarms for text in ours["danger"][kind]) <= QUIET[kind]


def test_danger_in_spanish_is_seen_in_an_english_chat_too(understanding: Understanding, ours: Any) -> None:
    texts = ours["danger"]["explicit"]
    assert _share(understanding.read(text, "en").risk.alarms for text in texts) >= 0.95


def test_hopelessness_in_spanish_is_distress_and_a_suicide_in_the_family_is_met_as_one(
    spanish: Read, ours: Any
) -> None:
    assert all(spanish(text).risk is Risk.DISTRESS for text in ours["danger"]["distress"])
    assert all(spanish(text).concern is Concern.BEREAVED for text in ours["danger"]["bereaved"])


@pytest.mark.parametrize(("half", "floor"), [("worked from", 0.97), ("held out", 0.95)])
def test_wishes_in_spanish_are_understood(half: str, floor: float, spanish: Read, ours: Any) -> None:
    rows = [(text, wish) for wish, texts in ours["wishes"].items() for text in _half(texts, half)]
    assert _share(wish in (spanish(text).intent, spanish(text).control) for text, wish in rows) >= floor


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("fact", ["outcome", "stage", "company", "role", "kind"])
def test_facts_of_a_rejection_are_read_in_spanish(fact: str, half: str, spanish: Read, ours: Any) -> None:
    texts = set(_half((row["text"] for row in ours["rejections"]), half))
    rows = [row for row in ours["rejections"] if row["text"] in texts and (fact != "kind" or "kind" in row)]
    assert _share(getattr(spanish(row["text"]).rejection, fact) == row.get(fact) for row in rows) >= 0.95


@pytest.fixture(scope="module")
def messages(sentences: Callable[[str], Any]) -> Any:
    return sentences("spanish_messages")


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize(("fact", "floor"), [("company", 0.95), ("role", 0.95), ("stage", 0.95)])
def test_short_messages_about_a_no_are_read_in_spanish(
    fact: str, floor: float, half: str, spanish: Read, messages: Any
) -> None:
    texts = set(_half((row["text"] for row in messages["told"]), half))
    rows = [row for row in messages["told"] if row["text"] in texts]
    found = [(getattr(spanish(row["text"]).rejection, fact) or "", row.get(fact) or "") for row in rows]
    assert _share(got.lower() == wanted.lower() for got, wanted in found) >= floor


def test_in_spanish_nobody_and_nothing_is_named_in_a_message_that_names_none(
    spanish: Read, messages: Any
) -> None:
    readings = [spanish(row["text"]).rejection for row in messages["nameless"]]
    assert not [said for said in readings if said.company or said.role]
    assert _share(said.outcome is not None for said in readings) >= 0.95


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("no quedé de auxiliar de enfermería", "auxiliar de enfermería"),
        ("me rechazaron para coordinadora de proyectos en la Fundación Norte", "coordinadora de proyectos"),
        ("me descartaron como tecnico en refrigeracion", "tecnico en refrigeracion"),
        ("no me cogieron, el puesto era de recepcionista y secretaria", "recepcionista y secretaria"),
        ("no me dieron el cargo de asesor previsional", "asesor previsional"),
        ("me dijeron que no para encargada de turno de Mercadona", "encargada de turno"),
        ("hice la prueba técnica y me rechazaron", None),
        ("trabajé como cajera tres años y hoy me rechazaron", None),
        ("la reclutadora me dijo que no", None),
    ],
)
def test_a_title_reaches_as_far_as_its_own_words(text: str, role: str | None, spanish: Read) -> None:
    assert spanish(text).rejection.role == role


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("me rechazaron en el bar La Candela", "La Candela"),
        ("la Universidad de Robledo eligió a otra persona", "Universidad de Robledo"),
        ("no quedé en el Hotel Barceló", "Hotel Barceló"),
        ("la entrevista fue con el CEO de Nimbala y me rechazó", "Nimbala"),
        ("me entrevistaron por Zoom y me dijeron que no", None),
        ("me rechazaron en Sevilla", None),
        ("Marta me dijo que no me cogen", None),
    ],
)
def test_an_employer_in_spanish_has_its_whole_name(text: str, company: str | None, spanish: Read) -> None:
    assert spanish(text).rejection.company == company


def test_noes_counted_in_spanish_are_counted(spanish: Read, ours: Any) -> None:
    rows = [row for row in ours["rejections"] if "count" in row]
    assert [spanish(row["text"]).rejection.count for row in rows] == [int(row["count"]) for row in rows]


@pytest.mark.parametrize("half", HALVES)
def test_feelings_in_spanish_are_named_rightly(half: str, spanish: Read, ours: Any) -> None:
    rows = [(text, name) for name, texts in ours["feelings"].items() for text in _half(texts, half)]
    assert _share((spanish(text).feelings or ("none",))[0] == name for text, name in rows) >= 0.9


@pytest.mark.parametrize(
    ("text", "mood"), [("3", 3), ("un 4", 4), ("como un 7", 7), ("3/10", 3), ("van 3", None)]
)
def test_a_mood_is_a_number_with_nothing_beside_it(text: str, mood: int | None, spanish: Read) -> None:
    assert spanish(text).mood == mood


@pytest.fixture(scope="module")
def mails(sentences: Callable[[str], Any]) -> Any:
    return sentences("spanish_mails")


def test_a_pasted_mail_in_spanish_is_read_and_its_lines_are_explained(spanish: Read, mails: Any) -> None:
    misread = []
    for mail in mails:
        read = spanish(mail["text"])
        outcome = read.rejection.outcome if read.rejection and read.rejection.pasted else None
        lacking = set(mail["says"]) - {phrase.family for phrase in read.phrases}
        if (outcome or "none") != mail["outcome"] or lacking:
            misread.append((mail["id"], outcome, sorted(lacking)))
    assert misread == []


def test_no_name_is_invented_from_a_mail_in_spanish(spanish: Read, mails: Any) -> None:
    for mail in mails:
        read = spanish(mail["text"]).rejection
        assert read is None or read.company in (None, mail.get("company")), mail["id"]
        assert read is None or read.role in (None, mail.get("role")), mail["id"]


def test_in_a_spanish_chat_its_own_words_are_no_slips_of_words_of_danger(spanish: Read) -> None:
    assert spanish("me quedo sin batería").risk is Risk.NONE  # "me quemo"
    assert spanish("me qiero matar").risk.alarms


def test_a_listed_word_is_read_without_its_accent_too(understanding: Understanding) -> None:
    with_it, without = (
        understanding.read(f"{word} mañana a las 10 llamar a marta", "es")
        for word in ("recuérdame", "recuerdame")
    )
    assert with_it.intent is without.intent is Intent.CHECKIN
