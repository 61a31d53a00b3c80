"""Which language a text is in: known where it is sure, never taken from a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.dialogue.reading import Reading
from bot.understanding import Understanding
from bot.understanding.tongues import KnownBy, Tongues

Read = Callable[[str], Reading]

REJECTED = {
    "ar": "رفضوني في العمل مرة أخرى، كان عندي أمل كبير",
    "bg": "Отказаха ми след интервюто, вече не искам да търся работа",
    "bn": "ইন্টারভিউয়ের পর আমাকে বাদ দিয়েছে",
    "ca": "m'han rebutjat després de l'entrevista i estic molt trist",
    "cs": "zase mě odmítli po pohovoru, už nevím co dělat",
    "da": "jeg fik afslag igen efter samtalen, og jeg ved ikke hvorfor",
    "de": "ich habe schon wieder eine Absage bekommen und bin so müde",
    "el": "με απέρριψαν πάλι μετά τη συνέντευξη",
    "es": "me han rechazado otra vez después de la entrevista",
    "fa": "بعد از مصاحبه من را رد کردند، خیلی ناراحتم",
    "fi": "sain taas hylkäyksen, en tiedä mitä tehdä enää",
    "fr": "j'ai encore été refusée après l'entretien, je suis épuisée",
    "he": "שוב דחו אותי אחרי הראיון",
    "hi": "इंटरव्यू के बाद मुझे फिर से मना कर दिया",
    "hr": "opet su me odbili nakon razgovora, ne znam što više mogu, uvijek isto",
    "hu": "megint elutasítottak az interjú után, nem tudom miért",
    "id": "saya ditolak lagi setelah wawancara, saya tidak tahu kenapa",
    "it": "mi hanno scartato di nuovo dopo il colloquio, non so perché",
    "ja": "面接のあとまた落とされました",
    "ko": "면접에서 또 떨어졌어요",
    "ms": "saya ditolak lagi selepas temuduga, tak tahu kenapa boleh jadi",
    "nb": "jeg fikk avslag igjen etter intervjuet, og jeg vet ikke hvorfor",
    "nl": "ik ben weer afgewezen na het gesprek en ik weet niet waarom",
    "pl": "znowu mnie odrzucili po rozmowie, nie wiem dlaczego",
    "pt": "fui rejeitada de novo depois da entrevista, não sei porque",
    "ro": "am fost respins din nou după interviu și nu știu de ce",
    "ru": "мне опять отказали после собеседования",
    "sk": "zase ma odmietli po pohovore, už neviem čo robiť",
    "sr": "opet su me odbili posle razgovora, ne znam šta da radim, uvek isto",
    "sv": "jag fick avslag igen efter intervjun och vet inte varför",
    "sw": "nimekataliwa tena baada ya usaili, sijui kwa nini",
    "ta": "நேர்காணலுக்குப் பிறகு மீண்டும் நிராகரிக்கப்பட்டேன்",
    "th": "โดนปฏิเสธหลังสัมภาษณ์อีกแล้ว",
    "tl": "tinanggihan na naman ako pagkatapos ng interbyu, hindi ko alam kung bakit",
    "tr": "mülakattan sonra yine reddedildim, neden bilmiyorum",
    "uk": "мені знову відмовили після співбесіди",
    "ur": "انٹرویو کے بعد مجھے پھر انکار کر دیا گیا ہے",
    "vi": "tôi lại bị từ chối sau buổi phỏng vấn, không biết vì sao",
    "zh": "面试之后又被拒绝了",
}


@pytest.mark.parametrize(("locale", "text"), REJECTED.items(), ids=REJECTED)
def test_a_plain_sentence_is_known_by_its_language(locale: str, text: str, read: Read) -> None:
    assert read(text).tongue == locale


def test_every_language_with_words_of_danger_is_known(understanding: Understanding) -> None:
    assert set(REJECTED) == set(understanding.lexicons) - {"en"}


# Names of people, places and companies, short answers, borrowed words: English to us.
NOT_ANOTHER_LANGUAGE = [
    "Banco Santander",
    "Société Générale",
    "Deutsche Bahn, Berlin",
    "Universidad de los Andes",
    "Los Angeles",
    "De La Soul Records",
    "Crédit Agricole Corporate and Investment Bank",
    "Maria das Graças da Silva",
    "José from Telefónica de España",
    "Van der Berg en Zonen",
    "Nguyễn Văn An",
    "Łukasz Wójcik from Gdańsk",
    "Ödön at Müller & Söhne said no",
    "ciao, they said no",
    "c'est la vie, rejected again",
    "no",
    "me",
    "ok",
    "non",
    "si",
    "Que?",
    "kms",
    "die",
    "Ω and Σ are my favourite letters",
    "the kanji on their logo (株式会社) looked nice",
    "привет is the only word i know in russian",
    "los mejores people ever said no to me",
    "",
    "123",
    "🙂🙂🙂",
]


@pytest.mark.parametrize("text", NOT_ANOTHER_LANGUAGE)
def test_names_and_borrowed_words_are_no_other_language(text: str, read: Read) -> None:
    assert read(text).tongue is None


@pytest.mark.parametrize(
    "text",
    [
        "me an rechasado en la entrebista",
        "no me cogieron",
        "estoy hundida",
        "no fui selecsionada",
        "nesesito ablar",
        "era para enfermera de urgencias",
        "ya no puedo",
        "Estoy fatal",
    ],
)
def test_a_few_words_are_known_by_what_stands_in_one_vocabulary_alone(text: str, read: Read) -> None:
    assert read(text).tongue == "es"


@pytest.mark.parametrize(
    "text",
    ["Costa Coffee", "Mercado Libre", "no de zara", "rejected from casa del sol", "gutted lol"],
)
def test_a_name_or_a_slip_among_few_words_is_no_other_language(text: str, read: Read) -> None:
    assert read(text).tongue is None


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)


def test_no_english_sentence_of_ours_is_taken_for_another_language(
    read: Read, sentences: Callable[[str], Any]
) -> None:
    files = ("crisis", "feelings", "intents", "letters", "rejections")
    texts = [text for name in files for text in _texts(sentences(name))]
    assert len(texts) > 1_500
    assert [text for text in texts if read(text).tongue is not None] == []


def test_words_of_danger_tell_the_language_where_nothing_else_does(read: Read) -> None:
    assert read("me voy a matar").tongue == "es"
    assert read("i want to kill myself, quiero").tongue is None


def test_a_language_must_be_ahead_of_every_other() -> None:
    tongues = Tongues.of(
        {
            "en": KnownBy(words=frozenset({"the"})),
            "aa": KnownBy(words=frozenset({"uno", "due"})),
            "bb": KnownBy(words=frozenset({"uno", "due", "tri"})),
        },
        own="en",
    )
    assert tongues("uno due") is None
    assert tongues("uno due tri") == "bb"
    assert tongues("the the the") == "en"
    assert tongues("uno") is None


def test_languages_of_which_danger_alone_is_known_share_what_is_read_in_english(
    understanding: Understanding,
) -> None:
    english, german, spanish = (understanding.lexicons[locale] for locale in ("en", "de", "es"))
    assert german.others is english.others
    assert german.others is not spanish.others
    assert german.slips is english.slips is spanish.slips
