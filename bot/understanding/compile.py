"""From parsed documents, one per locale, to an `Understanding`; every fault found on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from bot.understanding.document import Document, read_document
from bot.understanding.examples import example_faults, phrase_faults
from bot.understanding.faults import Fault, FaultCode, Faults
from bot.understanding.few_words import FewWords
from bot.understanding.guessing import Guesses
from bot.understanding.lexicon import Lexicon
from bot.understanding.message_names import RULES_NAME
from bot.understanding.phrases import Table, read_table
from bot.understanding.plainer import Plainer
from bot.understanding.read import Told, Understanding
from bot.understanding.rulebook import compile_rules, pattern_words
from bot.understanding.rules import Index, Rule, Section
from bot.understanding.spelling import MIN_CHARS, Spelling, bare
from bot.understanding.stages import NOTHING_WEIGHS
from bot.understanding.text import ENDS
from bot.understanding.tongues import KnownBy, Tongues
from bot.understanding.vocabulary import read_vocabularies
from bot.understanding.weights import SOURCE_LOCALE, Weighing, read_weighing


def compile_understanding(
    documents: Mapping[str, object],
    *,
    phrases: Mapping[str, object] | None = None,
    weighing: Mapping[str, object] | None = None,
    vocabulary: Mapping[str, object] | None = None,
    check_examples: bool = False,
) -> tuple[Understanding, tuple[Fault, ...]]:
    """Compile locale -> parsed YAML (every scalar a string). Faulty entries are left out and reported.

    `phrases` are the tables of stock phrases, by locale too; faults in them have a path that begins with `TABLE`.
    `weighing` has what mails are weighed by, as "en", and the weights fitted for it, as "en.fitted"; for the names
    in them "en.names" and "en.names.fitted", for guessing wishes "en.wishes.fitted",
    the step a no came after "en.stages.fitted", and so for other locales.
    `vocabulary` has the ordinary words of each locale, none of which is a name when written small. What messages
    are gauged by is "en.danger".

    `check_examples` also reads every rule's `match` and `but_not` sentences: for the content check, not for a start.
    """
    faults = Faults()
    if SOURCE_LOCALE not in documents:
        faults.add((SOURCE_LOCALE,), FaultCode.MISSING, "no English document", "add understanding/en.yaml")
    read = {locale: read_document(locale, raw, faults) for locale, raw in sorted(documents.items())}
    tables = _tables(phrases or {}, read, faults)
    vocabularies, known_by = read_vocabularies(vocabulary or {}, faults), _known_by(read)
    plainer = _plainer(read, vocabularies.get(SOURCE_LOCALE, frozenset()))
    rules = {locale: compile_rules(doc, plainer, faults) for locale, doc in read.items()}
    understanding = Understanding(
        plainer=plainer,
        lexicons=_lexicons(
            read,
            rules,
            tables,
            read_weighing(read, weighing or {}, faults),
            vocabularies,
            plainer=plainer,
        ),
        topics=_topics(rules.get(SOURCE_LOCALE, [])),
        told={locale: _told(found) for locale, found in rules.items()},
        tongue_of=Tongues.of(known_by, own=SOURCE_LOCALE),
        few_words=FewWords.of(vocabularies, known_by, own=SOURCE_LOCALE),
    )
    if check_examples:
        _check_examples(understanding, read, rules, faults)
    return understanding, faults.as_tuple()


def _known_by(read: Mapping[str, Document]) -> dict[str, KnownBy]:
    return {locale: document.known_by[0] for locale, document in read.items() if document.known_by}


def _check_examples(
    understanding: Understanding,
    read: Mapping[str, Document],
    rules: Mapping[str, list[Rule]],
    faults: Faults,
) -> None:
    for locale, found in rules.items():
        faults.extend(example_faults(understanding, locale, read[locale], found))
        faults.extend(phrase_faults(understanding, read[locale], found))


def _tables(phrases: Mapping[str, object], read: dict[str, Document], faults: Faults) -> dict[str, Table]:
    """The tables of phrases; their patterns become rules of their locales' documents."""
    return {
        locale: read_table(locale, raw, read.setdefault(locale, Document(locale=locale)), faults)
        for locale, raw in sorted(phrases.items())
    }


def _plainer(documents: Mapping[str, Document], ordinary: frozenset[str]) -> Plainer:
    """One for all locales: a text is made plain once, and in the same way as every pattern.

    `ordinary` words of the source locale stand for themselves: "bride" is no slip of "bridge".
    """
    ordered = sorted(documents.values(), key=lambda d: (d.locale != SOURCE_LOCALE, d.locale))
    spellings: dict[str, tuple[str, ...]] = {}
    for document in ordered:
        for word, meant in document.spellings.items():
            spellings.setdefault(bare(word) or word, tuple(bare(each) or each for each in meant))

    def listed(*names: str) -> set[str]:
        return {word for document in ordered for name in names for word in _bare(document.words_in(name))}

    mend, leave, darkest = listed("mend"), listed("leave", "common"), listed("darkest")
    ordinary -= listed("slips")
    nothing = Spelling((), ())
    unmended = Plainer(vocabulary=(), spellings=spellings, mending=nothing, guessing=nothing, darkest=nothing)

    @cache  # the same words stand in every document
    def exact(written: str) -> tuple[str, ...]:
        return unmended.words(written)

    vocabulary = {w for d in ordered for w in pattern_words(d, exact)} | mend | leave
    known = vocabulary | set(spellings)
    alarming = {w for d in ordered for w in pattern_words(d, exact, (Section.RISK,)) if w.isalpha()}
    spoken = _spoken(documents, exact) or known
    return Plainer(
        vocabulary=vocabulary,
        spellings=spellings,
        mending=Spelling(mend, (known | ordinary) - mend),
        guessing=Spelling(
            _long_enough(alarming | set(spellings)),
            spoken | set(spellings) | ordinary,
            preferred=mend | listed("likelier"),
            loose=True,
        ),
        darkest=Spelling(darkest, spoken | set(spellings) | ordinary, preferred=darkest, loose=True, slips=1),
        short=listed("short"),
        parts=_spoken(documents, exact, Section.RISK) | set(spellings),
        spoken=spoken | set(ENDS),
    )


def _bare(words: Iterable[str]) -> set[str]:
    """As texts are read: "recuérdame" in a list is what "recuerdame" is typed as too."""
    return {bare(word) or word for word in words}


def _either_way(words: frozenset[str]) -> frozenset[str]:
    """Words of a list as they stand in it, and as they are typed in haste: without accents."""
    return words | _bare(words)


def _spoken(
    documents: Mapping[str, Document], exact: Callable[[str], tuple[str, ...]], *sections: Section
) -> set[str]:
    """The words of the source locale's rules, of all sections or of some, and of its lists."""
    source = documents.get(SOURCE_LOCALE)
    if source is None:
        return set()
    listed = source.words_in("mend") | source.words_in("leave") | source.words_in("common")
    if sections:
        return set(pattern_words(source, exact, sections))
    return set(pattern_words(source, exact)) | listed


def _long_enough(words: set[str]) -> set[str]:
    return {word for word in words if len(word) >= MIN_CHARS and word.isascii()}


def _topics(rules: list[Rule]) -> frozenset[str]:
    return frozenset(rule.says["topic"] for rule in rules if rule.section is Section.TOPICS)


def _told(rules: list[Rule]) -> frozenset[Told]:
    return frozenset(
        (rule.section, key, value) for rule in rules if not rule.is_figure for key, value in rule.says.items()
    )


def _lexicons(
    documents: Mapping[str, Document],
    rules: Mapping[str, list[Rule]],
    tables: Mapping[str, Table],
    weighing: Weighing,
    vocabularies: Mapping[str, frozenset[str]],
    *,
    plainer: Plainer,
) -> Mapping[str, Lexicon]:
    # Danger is read in every language whatever the locale; the rest in the locale's own and in English.
    dangers = Index.of([rule for found in rules.values() for rule in found if rule.section is Section.RISK])
    source = documents.get(SOURCE_LOCALE, Document(locale=SOURCE_LOCALE))
    # A family's rank and signal are the source locale's: another table only has other words for it.
    table = tables.get(SOURCE_LOCALE, Table())
    signals = {key: family.signal for key, family in table.families.items()}
    indexes = _indexes(rules)
    slips = cache(lambda: _slips(weighing.guesses.values(), plainer))  # the same in every language

    def make(locale: str) -> Lexicon:
        document = documents[locale]
        letters, phrases, others = indexes(locale)
        names = source.lists.keys() | document.lists.keys()
        return Lexicon(
            dangers=dangers,
            letters=letters,
            phrases=phrases,
            others=others,
            ranks=table.ranks,
            signals=signals,
            scales=weighing.scales,
            choosing=weighing.choosing,
            guesses=tuple(filter(None, map(weighing.guesses.get, dict.fromkeys((locale, SOURCE_LOCALE))))),
            slips=slips(),
            lists={name: source.words_in(name) | _either_way(document.words_in(name)) for name in names},
            gauge=weighing.gauges.get(locale),
            stages=weighing.stages.get(locale, NOTHING_WEIGHS),
            naming=weighing.naming.get(locale) or weighing.naming.get(SOURCE_LOCALE, RULES_NAME),
            words=_words_of(document) if locale != SOURCE_LOCALE else frozenset(),
            ordinary=vocabularies.get(SOURCE_LOCALE, frozenset()) | vocabularies.get(locale, frozenset()),
        )

    return _MadeWhenAsked(make, documents)


def _indexes(rules: Mapping[str, list[Rule]]) -> Callable[[str], tuple[Index, Index, Index]]:
    """For letters, phrases and the rest: by a locale's own rules and the source locale's.

    Of most languages only danger is known: all those share what stands in English.
    """
    apart = (Section.LETTERS, Section.PHRASES)

    @cache
    def made(own: str) -> tuple[Index, Index, Index]:
        found = [rule for each in dict.fromkeys((own, SOURCE_LOCALE)) for rule in rules.get(each, ())]
        letters, phrases = (Index.of([rule for rule in found if rule.section is each]) for each in apart)
        return letters, phrases, Index.of([r for r in found if r.section not in (*apart, Section.RISK)])

    def of(locale: str) -> tuple[Index, Index, Index]:
        more = any(rule.section is not Section.RISK for rule in rules[locale])
        return made(locale if more else SOURCE_LOCALE)

    return of


def _slips(guesses: Iterable[Guesses], plainer: Plainer) -> Spelling:
    """Finds the words of wishes, and ways of writing them, that mistyped ones stand for."""
    words = {word for each in guesses for word in each.words}
    return Spelling(_long_enough(words.union(plainer.ways_of_writing)) if words else (), ())


def _words_of(document: Document) -> frozenset[str]:
    nothing = Spelling((), ())
    exact = Plainer(
        vocabulary=(), spellings=document.spellings, mending=nothing, guessing=nothing, darkest=nothing
    )
    listed = (document.words_in(name) for name in ("mend", "leave", "common"))
    return frozenset(pattern_words(document, exact.words)).union(*listed)


class _MadeWhenAsked(Mapping[str, Lexicon]):
    """One lexicon a locale, made the first time it is read with: of forty, most are never needed."""

    def __init__(self, make: Callable[[str], Lexicon], locales: Iterable[str]) -> None:
        self._make = make
        self._made: dict[str, Lexicon | None] = dict.fromkeys(locales)

    def __getitem__(self, locale: str) -> Lexicon:
        made = self._made[locale]
        if made is None:
            made = self._made[locale] = self._make(locale)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
