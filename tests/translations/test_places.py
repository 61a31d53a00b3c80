"""Places are called as the language calls them; every name that is translated is one the table of places has."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.dialogue.proposals import Clear
from bot.dialogue.schedule import Once
from bot.script import places
from bot.script.diagnostics import Code
from bot.script.places import atlas
from bot.script.readers import ContentReaders, read_readers

CONTENT = Path(__file__).parents[2] / "content"
NOW = datetime(2026, 3, 2, 17, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def readers() -> ContentReaders:
    read, found = read_readers(CONTENT)
    assert read is not None, found
    return read


@pytest.mark.parametrize(
    ("text", "locale", "shown"),
    [
        ("vivo en Londres", "es", "Londres, Reino Unido"),
        ("London", "en", "London, United Kingdom"),
        ("Nueva York", "es", "Nueva York, Nueva York, Estados Unidos"),
        ("estoy en Ciudad de México", "es", "Ciudad de México, México"),
        ("Madrid", "es", "Madrid, España"),
        ("geo:40.4,-3.7", "es", "Madrid, España"),
        ("Buenos Aires", "es", "Buenos Aires, Argentina"),
    ],
)
def test_a_place_is_called_as_the_language_calls_it(
    readers: ContentReaders, text: str, locale: str, shown: str
) -> None:
    assert readers.places(text, NOW, locale)[0].shown == shown


def test_the_table_is_made_with_pauses_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_kept", [])
    pauses: list[int] = []
    made = places.atlas(lambda: pauses.append(1))
    assert len(pauses) > 300
    assert places.atlas(lambda: pauses.append(2)) is made
    assert 2 not in pauses


def test_whoever_ends_meanwhile_waits_for_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended() -> None:
        raise InterruptedError

    monkeypatch.setattr(places, "_kept", [])
    with pytest.raises(InterruptedError):
        places.atlas(ended)
    assert places.atlas() is places.atlas()


def test_every_translated_name_is_one_of_the_table(readers: ContentReaders) -> None:
    table = atlas()
    known = {city.name for city in table.cities} | {table.country_name(city.country) for city in table.cities}
    known |= {table.region_name(city) or "" for city in table.cities}
    assert set(readers.formats["es"].places) - known == set()


def test_a_moment_and_a_day_are_told_in_spanish(readers: ContentReaders) -> None:
    read = readers.time("el viernes a las 18:00", NOW, "Europe/Madrid", "es")
    assert isinstance(read, Clear)
    assert read.rule == Once(on=date(2026, 3, 6), at=read.rule.at)
    assert readers.show(read.rule, NOW, "Europe/Madrid", "es") == "el viernes 6 de marzo a las 18:00"
    assert readers.day(date(2026, 3, 1), NOW, "Europe/Madrid", "es") == "ayer"
    assert readers.day(date(2025, 12, 31), NOW, "Europe/Madrid", "es") == "31 de diciembre de 2025"
    assert readers.join(("hoy", "mañana", "el lunes"), "es") == "hoy, mañana y el lunes"


def test_places_that_are_no_list_of_names_are_told(tmp_path: Path) -> None:
    for folder in ("times", "formats"):
        (tmp_path / folder).mkdir()
        text = (CONTENT / folder / "en.yaml").read_text(encoding="utf-8")
        (tmp_path / folder / "en.yaml").write_text(text, encoding="utf-8")
    with (tmp_path / "formats" / "en.yaml").open("a", encoding="utf-8") as file:
        file.write("\nplaces: [London]\n")
    _, found = read_readers(tmp_path)
    assert [(each.code, each.message) for each in found] == [
        (Code.SHAPE, "`places` must lead from English names to this language's.")
    ]
