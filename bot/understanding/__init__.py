"""From what a person wrote to what was understood: pure, deterministic, in the words of the content."""

from bot.understanding.compile import compile_understanding
from bot.understanding.faults import Fault, FaultCode
from bot.understanding.phrases import TABLE
from bot.understanding.read import Understanding
from bot.understanding.report import reading_as_json
from bot.understanding.vocabulary import VOCABULARY
from bot.understanding.weighing import WEIGHING

__all__ = [
    "TABLE",
    "VOCABULARY",
    "WEIGHING",
    "Fault",
    "FaultCode",
    "Understanding",
    "compile_understanding",
    "reading_as_json",
]
