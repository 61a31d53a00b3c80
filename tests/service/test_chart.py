"""The picture of /progress: made when it is sent, and readable whatever is or isn't in it."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image

from bot.dialogue.chart import Bar, Chart, ChartWords, MoodPoint
from bot.dialogue.effects import SendChart
from bot.service.chart import MIME, WIDTH, as_png
from bot.store.codec import dump_chart, load_chart

FIRST = date(2026, 3, 2)
WORDS = ChartWords(
    title="Cómo te ha ido",
    moods="Ánimo",
    before="antes",
    after="después",
    single="una vez",
    stops="Dónde se paró",
    wins="Logros",
    nothing="Todavía nada",
)


def a_chart(entries: int) -> Chart:
    moods = tuple(
        MoodPoint(on=FIRST + timedelta(days=3 * n), before=n % 6, after=None if n % 5 == 4 else (n * 7) % 11)
        for n in range(entries)
    )
    labels = ("Candidatura", "Primera llamada", "Entrevistas")
    return Chart(
        words=WORDS,
        first=FIRST,
        last=moods[-1].on if moods else FIRST,
        first_label="2 mar",
        last_label="28 ago",
        moods=moods,
        stops=tuple(Bar(label=label, count=entries) for label in labels[:entries]),
        wins=tuple(each.on for each in moods[::4]),
    )


def drawn(chart: Chart) -> Image.Image:
    return Image.open(io.BytesIO(as_png(chart)))


@pytest.mark.parametrize("entries", [0, 1, 3, 60])
def test_it_is_drawn_for_any_number_of_entries(entries: int) -> None:
    picture = drawn(a_chart(entries))
    assert (picture.format, picture.width) == ("PNG", WIDTH)
    assert picture.height <= 1400


def test_it_has_a_ground_of_its_own_for_light_and_dark_themes() -> None:
    picture = drawn(a_chart(3))
    assert picture.mode == "RGB"  # nothing shows through
    whole = drawn(replace(a_chart(3), stops=tuple(Bar(label=str(n), count=1) for n in range(6))))
    for corner in ((0, 0), (WIDTH - 1, 0), (0, whole.height - 1), (WIDTH - 1, whole.height - 1)):
        assert min(whole.getpixel(corner)) > 240  # type: ignore[type-var,arg-type]


def test_more_entries_draw_more() -> None:
    def ink(entries: int) -> int:
        return sum(drawn(a_chart(entries)).convert("L").histogram()[:200])

    assert ink(0) < ink(1) < ink(3) < ink(60)


def test_accents_are_drawn_and_not_boxes() -> None:
    from bot.service.chart import _font

    font = _font(40)
    missing = font.getmask("\uffff").getbbox(), bytes(font.getmask("\uffff"))
    for letter in "áéñüßłşğЖλ…":
        assert (font.getmask(letter).getbbox(), bytes(font.getmask(letter))) != missing


def test_what_waits_in_the_outbox_is_data_and_reads_back() -> None:
    sending = SendChart(key="1.chart", file_name="onward.png", chart=a_chart(3))
    stored = dump_chart(sending)
    assert b"PNG" not in stored
    assert load_chart(stored) == sending
    assert MIME == "image/png"


def test_its_library_is_loaded_only_when_a_picture_is_made() -> None:
    asked = "import sys, bot.app, bot.service.delivery; print('PIL' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
