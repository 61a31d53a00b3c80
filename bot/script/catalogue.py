"""The catalogue of advice: the ids that steps and lines are tagged with."""

from __future__ import annotations

_BY_STAGE = {
    "acknowledge": (
        "happens-to-everyone not-personal slump-is-normal accept-reality name-the-feeling time-box not-alone your-move"
    ),
    "vent": "vent-to-trusted stay-present",
    "reflect": (
        "ask-yourself own-your-part analyse-by-stage self-assess skills-gap reassess-goals maybe-not-the-fit"
        " employers-view repeated-stage keep-the-lesson"
    ),
    "celebrate": "interview-is-a-win practice-is-a-win clarity-is-a-win",
    "next-steps": (
        "ask-for-feedback ask-others coach-or-mock practise-interviewing keep-applying keep-it-out fresh-approach"
        " stretch-yourself support-circle growth-mindset journal stay-open thank-you-note rest-and-pace money-first"
        " unfair-treatment watch-the-slide"
    ),
}
CATALOGUE: tuple[str, ...] = tuple(name for names in _BY_STAGE.values() for name in names.split())
