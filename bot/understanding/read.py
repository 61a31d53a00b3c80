"""Reading one text: the front door of this package."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from bot.dialogue.reading import NOTHING_READ, Intent, Outcome, Reading, Risk
from bot.understanding.cores import cores_of
from bot.understanding.feelings import feelings_in, mood_in, temper_in
from bot.understanding.few_words import FewWords
from bot.understanding.guessing import also_guessed, says_nothing_yet, with_guess
from bot.understanding.intents import control_of, intents_of
from bot.understanding.layout import is_framed
from bot.understanding.letters import (
    LETTER_MIN_WORDS,
    explained_in,
    intents_with,
    is_anothers,
    letter_in,
    phrases_in,
    seen_by,
    speaks_to_you,
    told_by_both,
    without_rejection,
)
from bot.understanding.lexicon import Lexicon
from bot.understanding.mail import Parts, is_led_in, parted
from bot.understanding.moments import when_in
from bot.understanding.name_signs import Known
from bot.understanding.naming import names_in_letter
from bot.understanding.plainer import Plainer
from bot.understanding.rejection import rejection_in
from bot.understanding.risk import (
    NO_DANGER,
    Danger,
    danger_in,
    gauged,
    graver,
    is_misread,
    is_reported,
    is_theirs,
)
from bot.understanding.rules import Hit, Section, hits
from bot.understanding.stages import with_stage
from bot.understanding.text import Text
from bot.understanding.tongues import Tongues
from bot.understanding.weighing import Scales, Sort

# Line ends, quote marks or mark-up: what an e-mail may have to be freed of before it is read.
_LAID_OUT = re.compile(r"[\n<]|https?://")
NOES = (Outcome.REJECTED, Outcome.WITHDRAWN)

# A text longer than this is read whole for danger alone, piece by piece; what else it says stands at its head.
PIECE_CHARS = 8_000
OVERLAP_CHARS = 400
FEW_WORDS = 3

Told = tuple[Section, str, str]  # what a rule can tell: its section, the key and its value


@dataclass(frozen=True, slots=True, repr=False)  # written out, it would fill a failing test's memory
class Understanding:
    """The compiled documents. Holds no text of anyone's; the same text always gives the same reading."""

    plainer: Plainer
    lexicons: Mapping[str, Lexicon]
    tongue_of: Tongues = field(default_factory=Tongues)
    few_words: FewWords = field(default_factory=FewWords)
    topics: frozenset[str] = frozenset()  # those that the source locale knows
    told: Mapping[str, frozenset[Told]] = field(default_factory=dict)  # by each locale's own rules
    source_locale: str = "en"

    def read(self, text: str, locale: str) -> Reading:
        """Read `text`, of any length and content, in the words of `locale` and of English."""
        lexicon = self._lexicon(locale)
        if lexicon is None:
            return NOTHING_READ
        head = self.plainer.plain(text[:PIECE_CHARS])
        reading = self._letter(text[:PIECE_CHARS], head, lexicon) or with_stage(
            self._guessed(head, lexicon), head.words, lexicon.stages
        )
        danger = self._danger(head, lexicon)
        if reading.rejection.pasted and danger.level is not Risk.NONE:
            danger = self._danger_beside_letter(text[:PIECE_CHARS], lexicon)
        for piece in _further_pieces(text):
            danger = graver(danger, self._danger(self.plainer.plain(piece), lexicon))
        tongue = self._tongue(text, head.words, danger, _language_of(locale))
        if danger is NO_DANGER and tongue is None:
            return reading
        return replace(
            reading,
            risk=danger.level,
            about=danger.about,
            concern=danger.concern,
            control=None if danger.level.alarms else reading.control,
            guess=None if danger.level.alarms else reading.guess,
            tongue=tongue,
            rules=tuple(dict.fromkeys((*danger.rules, *reading.rules))),
        )

    def _guessed(self, head: Text, lexicon: Lexicon) -> Reading:
        """What a message says by rules, and what it may ask for; where nothing is seen, its slips are mended first."""
        knows = self._knows(lexicon)
        seen = _read_head(head, lexicon, knows)
        reading = with_guess(seen, head.words, lexicon.guesses)
        nothing = reading is seen and says_nothing_yet(reading, head.words)
        if _names_nobody(head, lexicon) and reading.rejection.company is None:
            reading = replace(reading, ordinary=True)
        mended = self.plainer.without_slips(head, lexicon.slips, knows) if nothing else head
        if mended is head:
            return reading
        return also_guessed(
            reading, with_guess(_read_head(mended, lexicon, knows), mended.words, lexicon.guesses)
        )

    def _knows(self, lexicon: Lexicon) -> Callable[[str], bool]:
        """Whether a word is one of the conversation's own language or of the source locale: no name, written small."""
        return lambda word: self.plainer.knows(word) or word in lexicon.words or word in lexicon.ordinary

    def _tongue(self, text: str, words: Sequence[str], danger: Danger, spoken: str) -> str | None:
        """The language of the text; where that isn't sure, whose words of danger it holds, if no English ones."""
        tongue = self.tongue_of(text, spoken=spoken)
        if tongue in (None, self.source_locale):
            tongue = self.few_words.language(text, words, spoken=spoken) or tongue
        if tongue is None and danger.spoken.isdisjoint((self.source_locale, spoken)):
            tongue = min(danger.spoken, default=None)
        return tongue if tongue != spoken else None

    def _lexicon(self, locale: str) -> Lexicon | None:
        return (
            self.lexicons.get(locale)
            or self.lexicons.get(_language_of(locale))
            or self.lexicons.get(self.source_locale)
        )

    def _letter(self, source: str, text: Text, lexicon: Lexicon) -> Reading | None:
        """The reading of an employer's letter with the person's own words around it; None where none is in it."""
        if len(text.words) < LETTER_MIN_WORDS:
            return None
        firm = lexicon.lists.get("firm", frozenset())
        laid_out = _LAID_OUT.search(source) or is_led_in(source)
        framed = bool(laid_out) and is_framed(source)
        if firm.isdisjoint(text.words) and not framed:
            return None  # a letter speaks of "us" and to "you"; most messages are done with here
        parts = parted(source) if laid_out else Parts(own="", letter=source)
        body = text if parts.letter == source else self.plainer.plain(parts.letter)
        signs = hits(lexicon.letters, body)
        turns = framed or any(hit.rule.says["sign"] in ("letter", "job") for hit in signs)
        if not turns and not speaks_to_you(body.words):
            return None
        phrases = hits(lexicon.phrases, body)
        sort = self._sort(body, signs, phrases, lexicon, sure=not turns)
        if not turns and sort is not Sort.NO:
            return None
        letter = letter_in(body, signs, phrases, lexicon.lists, sort, source=source)
        if letter is None:
            of_else = sort is None and any(hit.rule.says["sign"] == "other" for hit in signs)
            others = (sort is Sort.NONE or of_else) and is_anothers(
                body.words, lexicon.lists, framed=framed or of_else
            )
            return without_rejection(_read_head(text, lexicon, self._knows(lexicon))) if others else None
        if sort is not None and lexicon.choosing is not None and lexicon.choosing.is_fitted:
            company, role = lexicon.choosing.choose(body.source, lexicon.known((letter.company, letter.role)))
            letter = replace(letter, company=company, role=role)
        own = (
            _read_head(self.plainer.plain(parts.own), lexicon, self._knows(lexicon))
            if parts.own
            else NOTHING_READ
        )
        return replace(
            own,
            intents=intents_with(letter, own),
            rejection=told_by_both(letter, own.rejection),
            mood=None,
            control=None,
            phrases=explained_in(body, phrases, lexicon) if letter.outcome in NOES else (),
            rules=(*own.rules, *_names_of(signs, phrases)),
        )

    def weighed(self, text: str, locale: str) -> frozenset[str]:
        """What weighs in a text, were it a mail: for fitting the weights."""
        lexicon = self.lexicons[locale]
        body = self.plainer.plain(parted(text[:PIECE_CHARS]).letter)
        scales = lexicon.scales or Scales()
        return scales.signs(body.words, seen_by(hits(lexicon.letters, body), hits(lexicon.phrases, body)))

    def named(self, text: str, locale: str) -> tuple[str, Known]:
        """A mail's letter and what its names are chosen with: for fitting the weights."""
        lexicon = self.lexicons[locale]
        body = self.plainer.plain(parted(text[:PIECE_CHARS]).letter)
        ruled = names_in_letter(body, hits(lexicon.letters, body), lexicon.lists)
        return body.source, lexicon.known(ruled)

    def _sort(
        self, body: Text, signs: Sequence[Hit], phrases: Sequence[Hit], lexicon: Lexicon, *, sure: bool
    ) -> Sort | None:
        """What a mail is by its weights; None where they don't hold, in another language."""
        tongue = self.tongue_of(body.source)
        if tongue is None and lexicon is self.lexicons.get(self.source_locale):
            tongue = self.source_locale  # who speaks it is taken to be written to in it
        if lexicon.scales is None or tongue != self.source_locale:
            return None
        return lexicon.scales.sort(lexicon.scales.signs(body.words, seen_by(signs, phrases)), sure=sure)

    def _danger_beside_letter(self, source: str, lexicon: Lexicon) -> Danger:
        """The danger in a text that holds an employer's letter: what the letter itself says is no sign of any."""
        parts = parted(source)
        danger = self._danger(self.plainer.plain(parts.own), lexicon)
        letter = self.plainer.plain(parts.letter)
        own = [hit for hit in hits(lexicon.dangers, letter) if not is_theirs(hit, letter.line, lexicon.lists)]
        danger = graver(danger, danger_in(own))
        # The darkest guess is for people at their lowest, not for a firm's "talents" ("tablets").
        for text in islice(self.plainer.guessed(letter, lexicon.words), 1):
            said = [
                hit
                for hit in hits(lexicon.dangers, text)
                if not is_theirs(hit, text.line, lexicon.lists)
                and not is_misread(hit, text.line, lexicon.lists)
            ]
            danger = graver(danger, danger_in(said))
        return danger

    def _danger(self, text: Text, lexicon: Lexicon) -> Danger:
        danger = self._danger_by_rules(text, lexicon)
        return danger if lexicon.gauge is None else gauged(danger, lexicon.gauge, text.words)

    def _danger_by_rules(self, text: Text, lexicon: Lexicon) -> Danger:
        danger = _own_danger(text, lexicon)
        if danger.level is Risk.CRISIS:
            return danger
        # It could be worse than it stands: a second look, unknown words read as what they may be slips of.
        likeliest: Text | None = None
        for guessed in self.plainer.guessed(text, lexicon.words):
            if guessed is text:
                continue
            danger = graver(danger, _own_danger(guessed, lexicon))
            if danger.level.alarms:
                return danger
            likeliest = likeliest or guessed
        if not danger.level.alarms and (unbroken := (likeliest or text).unbroken()) is not None:
            danger = graver(danger, _own_danger(unbroken, lexicon))
        return danger


def _own_danger(text: Text, lexicon: Lexicon) -> Danger:
    found = hits(lexicon.dangers, text)
    if not found:  # nearly always
        return NO_DANGER
    return danger_in([hit for hit in found if not is_reported(hit, text.line, lexicon.lists)])


def _names_nobody(text: Text, lexicon: Lexicon) -> bool:
    """Whether it is a few ordinary words written small: of any of them a name would be written large, or be listed."""
    few = 0 < len(text.words) <= FEW_WORDS and text.source == text.source.lower()
    if not few or " ".join(text.words) in lexicon.lists.get("employers", frozenset()):
        return False
    return all(word in lexicon.ordinary for word in text.words if word.isalpha())


def _language_of(locale: str) -> str:
    return locale.replace("_", "-").partition("-")[0]


def _read_head(text: Text, lexicon: Lexicon, knows: Callable[[str], bool]) -> Reading:
    cores = cores_of(text, lexicon.lists)
    found = hits(lexicon.others, text, cores)
    mood = mood_in(cores[1])
    if not found:
        return NOTHING_READ if mood is None else replace(NOTHING_READ, mood=mood)
    told = _by_section(found)
    wishes = told[Section.INTENTS]
    correcting = Intent.CORRECTION in [hit.rule.says["intent"] for hit in wishes]
    rejection, why = rejection_in(
        text, told[Section.REJECTION], lexicon.lists, lexicon.naming, knows, correcting=correcting
    )
    phrases = hits(lexicon.phrases, text) if told[Section.ASKS] else []
    return Reading(
        intents=((Intent.PHRASE,) if phrases else ()) + intents_of(wishes, rejection),
        control=control_of(wishes),
        rejection=rejection,
        feelings=feelings_in(told[Section.FEELINGS]),
        phrases=phrases_in(text, phrases, lexicon.ranks, lexicon.signals) if phrases else (),
        temper=temper_in(told[Section.TEMPER]),
        mood=mood,
        topics=tuple(dict.fromkeys([hit.rule.says["topic"] for hit in told[Section.TOPICS]])),
        when=when_in(text, told[Section.WHEN]),
        rules=(*_names_of(found, phrases), *why),
    )


def _by_section(found: Sequence[Hit]) -> Mapping[Section, Sequence[Hit]]:
    told: defaultdict[Section, list[Hit]] = defaultdict(list)
    for hit in found:
        told[hit.rule.section].append(hit)
    return told


def _names_of(*found: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([hit.rule.name for each in found for hit in each]))


def _further_pieces(text: str) -> Iterator[str]:
    step = PIECE_CHARS - OVERLAP_CHARS
    for start in range(step, len(text) - OVERLAP_CHARS, step):
        yield text[start : start + PIECE_CHARS]
