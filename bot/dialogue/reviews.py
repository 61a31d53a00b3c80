"""Who has read the safety script, as its content says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviews:
    """`native` is by locale. What is missing has not been read by anybody."""

    clinician: Review | None = None
    native: Mapping[str, Review] = field(default_factory=dict)


def review_context(reviews: Reviews, locale: str) -> dict[str, object]:
    """Return what texts read as `review.…`; each is empty where nobody has read the script."""
    clinician, native = reviews.clinician, reviews.native.get(locale)
    return {
        "clinician": clinician.by if clinician else None,
        "clinician_on": clinician.on.isoformat() if clinician else None,
        "native": native.by if native else None,
        "native_on": native.on.isoformat() if native else None,
    }
