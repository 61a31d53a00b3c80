"""How far an application got before the no, where no rule saw it: a linear model over the words of a lost job's story.

Weights are content (`content/weighing/en.stages.fitted.yaml`), fitted by `make weigh` from the project's own sentences;
see docs/decisions/0016-guessing-the-step.md. Nothing else is looked at, so that everyday reading stays fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue.reading import Intent, Kind, Outcome, Reading, RejectionRead, Stage
from bot.understanding.document import mapping
from bot.understanding.faults import Faults
from bot.understanding.linear import Linear, read_linear
from bot.understanding.text import ENDS
from bot.understanding.weighing import FITTED, WEIGHING

STAGES = ".stages"
STEPS = ("none", *Stage)  # what can be guessed; the first is that none is told, and has to be unlikely
UNLIKELY = 0.25  # a step that nobody told is worse than one that is asked for: see the decision
MAX_WORDS = 120
MIN_STORY = 8  # words, where no rule saw that it ended badly: "it was Acme, for a nurse" is none
NOTHING_WEIGHS = Linear(STEPS, UNLIKELY)
_LOSSES = (Outcome.REJECTED, Outcome.GHOSTED, Outcome.WITHDRAWN)


def with_stage(reading: Reading, words: Sequence[str], stages: Linear) -> Reading:
    """The reading with the step a no came after, where no rule saw one."""
    told = reading.rejection
    if told.stage is not None or told.pasted or not _is_of_a_no(told, reading.guess, len(words)):
        return reading
    at = stages.likeliest(stage_signs(words))
    if not at:
        return reading
    stage = Stage(STEPS[at])
    return replace(reading, rejection=replace(told, stage=stage), rules=(*reading.rules, f"stage/{stage}"))


def _is_of_a_no(told: RejectionRead, guess: Intent | None, words: int) -> bool:
    """Whether a job was lost, or may have been: the firm or the post is told, and what happened."""
    if told.kind is Kind.LOVE:
        return False
    if told.outcome is None:
        return words >= MIN_STORY and bool(told.company or told.role or guess is Intent.REJECTION)
    return told.outcome in _LOSSES


def stage_signs(words: Sequence[str]) -> list[str]:
    """Everything in a text that may weigh."""
    said = [word for word in words if word not in ENDS][:MAX_WORDS]
    return list(dict.fromkeys((*said, *map(" ".join, zip(["^", *said], [*said, "$"], strict=True)))))


def read_stages(name: str, raw: object, faults: Faults) -> Linear:
    """Read what was fitted; faulty lines are reported and left out."""
    top = WEIGHING + name + FITTED
    return read_linear(top, mapping((top,), raw, faults), STEPS, UNLIKELY, faults)
