"""A chart as a PNG: moods over time, wins along the same time, and where processes stop.

Sized for a phone (a photo fills the width of a chat), on a ground of its own, so that it reads the same in a light and
a dark theme. Before is a ring and after a filled dot: it doesn't take colours to tell them apart.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.dialogue.chart import Bar, Chart, MoodPoint

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

MIME = "image/png"
WIDTH, HEIGHT = 1080, 1360
_SMOOTH = 2  # drawn so much larger, then scaled down: round edges without steps
_FONT = Path(__file__).parent / "fonts" / "DejaVuSans.ttf"

_GROUND, _INK, _QUIET, _GRID = "#fbfaf7", "#1f2d36", "#55636b", "#d9dedd"
_BEFORE, _AFTER, _SINGLE, _WIN, _BAR = "#c8641b", "#0f6f6a", "#8a969c", "#a8801f", "#3f6f9e"
_LEFT, _RIGHT = 110, WIDTH - 60
_MOODS_TOP, _MOODS_BOTTOM = 270, 690
_WINS_AT = 800
_STOPS_AT = 920
_ROW = 62
_NO_MOODS = 440  # so much higher the rest stands where there are no moods to draw


@dataclass(frozen=True, slots=True)
class _Pen:
    """Draws in the picture's own measures, whatever the scale."""

    draw: ImageDraw

    def text(self, at: tuple[float, float], words: str, size: int, colour: str, anchor: str = "ls") -> None:
        x, y = at
        self.draw.text(
            (x * _SMOOTH, y * _SMOOTH), words, font=_font(size * _SMOOTH), fill=colour, anchor=anchor
        )

    def line(self, points: Sequence[float], colour: str, width: int) -> None:
        self.draw.line(_scaled(*points), fill=colour, width=width * _SMOOTH)

    def dot(self, x: float, y: float, radius: float, colour: str, *, hollow: bool = False) -> None:
        box = _scaled(x - radius, y - radius, x + radius, y + radius)
        ring = max(3, round(radius / 3)) * _SMOOTH
        self.draw.ellipse(box, fill=_GROUND if hollow else colour, outline=colour, width=ring)

    def diamond(self, x: float, y: float, radius: float, colour: str) -> None:
        corners = ((x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y))
        self.draw.polygon([_scaled(*corner) for corner in corners], fill=colour)

    def bar(self, left: float, top: float, right: float, bottom: float, colour: str) -> None:
        self.draw.rounded_rectangle(_scaled(left, top, right, bottom), radius=8 * _SMOOTH, fill=colour)

    def fitted(self, words: str, size: int, most: float) -> str:
        """Return the words, cut where they would be wider than `most`."""
        font = _font(size * _SMOOTH)
        if font.getlength(words) <= most * _SMOOTH:
            return words
        while words and font.getlength(f"{words}…") > most * _SMOOTH:
            words = words[:-1]
        return f"{words.rstrip()}…"


def as_png(chart: Chart) -> bytes:
    """Return the picture. Slow the first time (it loads its library): call it in a thread."""
    from PIL import Image, ImageDraw  # noqa: PLC0415

    size = (WIDTH * _SMOOTH, HEIGHT * _SMOOTH)
    image = Image.new("RGB", size, _GROUND)
    pen = _Pen(ImageDraw.Draw(image))
    pen.text((60, 100), pen.fitted(chart.words.title, 50, WIDTH - 120), 50, _INK)
    _draw_moods(pen, chart)
    lift = 0 if chart.moods else _NO_MOODS
    _draw_wins(pen, chart, _WINS_AT - lift)
    _draw_stops(pen, chart, _STOPS_AT - lift)
    height = _STOPS_AT - lift + 60 + max(1, len(chart.stops)) * _ROW
    written = io.BytesIO()
    whole = image.crop((0, 0, WIDTH * _SMOOTH, height * _SMOOTH))
    whole.resize((WIDTH, height), Image.Resampling.LANCZOS).save(written, "PNG", optimize=True)
    return written.getvalue()


def _draw_moods(pen: _Pen, chart: Chart) -> None:
    pen.text((60, 180), pen.fitted(chart.words.moods, 36, WIDTH - 120), 36, _INK)
    if not chart.moods:
        pen.text((60, 240), chart.words.nothing, 32, _QUIET)
        return
    for level in (0, 5, 10):
        pen.line((_LEFT, _height(level), _RIGHT, _height(level)), _GRID, 2)
        pen.text((_LEFT - 24, _height(level)), str(level), 32, _QUIET, "rm")
    _draw_legend(pen, chart)
    radius = 13 if len(chart.moods) <= 30 else 10 if len(chart.moods) <= 80 else 7
    for x, mood in zip(_places(chart, [each.on for each in chart.moods]), chart.moods, strict=True):
        _draw_mood(pen, x, mood, radius)
    _draw_days(pen, chart)


def _draw_mood(pen: _Pen, x: float, mood: MoodPoint, radius: int) -> None:
    before = _height(mood.before)
    if mood.after is None:
        pen.dot(x, before, radius * 0.8, _SINGLE)
        return
    after = _height(mood.after)
    pen.line((x, before, x, after), _GRID, 5)
    # The same before and after: the ring lies round the dot.
    same = mood.before == mood.after
    pen.dot(x, before, radius * (1.5 if same else 1), _BEFORE, hollow=True)
    pen.dot(x, after, radius * (0.8 if same else 1), _AFTER)


def _draw_legend(pen: _Pen, chart: Chart) -> None:
    x = 72.0
    paired = any(each.after is not None for each in chart.moods)
    single = any(each.after is None for each in chart.moods)
    marks = [(chart.words.before, _BEFORE), (chart.words.after, _AFTER)] if paired else []
    marks += [(chart.words.single, _SINGLE)] if single else []
    for words, colour in marks:
        pen.dot(x, 224, 11, colour, hollow=colour == _BEFORE)
        pen.text((x + 24, 224), words, 30, _QUIET, "lm")
        x += 24 + _font(30 * _SMOOTH).getlength(words) / _SMOOTH + 52


def _draw_days(pen: _Pen, chart: Chart) -> None:
    below = _MOODS_BOTTOM + 48
    if chart.first == chart.last:
        pen.text(((_LEFT + _RIGHT) / 2, below), chart.first_label, 32, _QUIET, "ms")
        return
    pen.text((_LEFT, below), chart.first_label, 32, _QUIET)
    pen.text((_RIGHT, below), chart.last_label, 32, _QUIET, "rs")


def _draw_wins(pen: _Pen, chart: Chart, at: float) -> None:
    pen.text((60, at), pen.fitted(chart.words.wins, 36, WIDTH - 240), 36, _INK)
    pen.text((_RIGHT, at), str(len(chart.wins)), 36, _INK, "rs")
    if not chart.moods:
        return  # there is no time to lay them along
    for x in _places(chart, chart.wins):
        pen.diamond(x, at + 38, 13, _WIN)


def _draw_stops(pen: _Pen, chart: Chart, at: float) -> None:
    pen.text((60, at), pen.fitted(chart.words.stops, 36, WIDTH - 120), 36, _INK)
    if not chart.stops:
        pen.text((60, at + 60), chart.words.nothing, 32, _QUIET)
        return
    most = max(bar.count for bar in chart.stops)
    for row, bar in enumerate(chart.stops):
        _draw_stop(pen, at + 36 + row * _ROW, bar, most)


def _draw_stop(pen: _Pen, top: float, bar: Bar, most: int) -> None:
    left = 400
    pen.text((60, top + 22), pen.fitted(bar.label, 32, left - 80), 32, _QUIET, "lm")
    right = left + max(16.0, (_RIGHT - 90 - left) * bar.count / most)
    pen.bar(left, top, right, top + 44, _BAR)
    pen.text((right + 18, top + 22), str(bar.count), 32, _INK, "lm")


def _height(mood: int) -> float:
    return _MOODS_BOTTOM - (_MOODS_BOTTOM - _MOODS_TOP) * mood / 10


def _places(chart: Chart, days: Sequence[date]) -> list[float]:
    """Return where each day lies; several of one day stand beside each other."""
    span, left, right = (chart.last - chart.first).days, _LEFT + 30, _RIGHT - 30
    of_day, placed, found = Counter(days), Counter[date](), []
    for day in days:
        middle = left + (right - left) * (day - chart.first).days / span if span else (left + right) / 2
        apart = min(30.0, 600 / of_day[day])
        found.append(middle + (placed[day] - (of_day[day] - 1) / 2) * apart)
        placed[day] += 1
    return [min(max(x, left - 15), right + 15) for x in found]


def _scaled(*measures: float) -> tuple[float, ...]:
    return tuple(measure * _SMOOTH for measure in measures)


@cache
def _font(size: int) -> FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415

    return ImageFont.truetype(_FONT, size)
