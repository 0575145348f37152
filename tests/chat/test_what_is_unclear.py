"""
What can be read in two ways is said to be, with the reading that was taken first.
"""

import pytest
from saying import NOW, said

from calendo.chat.vocabulary import read
from calendo.core.phrases import Intent, Understood

DOUBTS = """
on 3/4 | day_or_month 2027-03-04 2026-04-03 | 3/4
on 3/20 |
next Friday | next_weekday 2026-03-20 2026-03-13 | next Friday
next Monday |
at 8 | half_of_day 08:00 20:00 | at 8
at 3 | half_of_day 15:00 03:00 | at 3
at 3pm |
at 8 in the evening |
from 2 to 4 | half_of_day 14:00 02:00 | from 2 to 4
Monday the 14th of April | weekday_and_date 2026-04-14 2026-03-16 | Monday the 14th of April
Tuesday the 14th of April |
the 31st of June | no_such_date 2026-06-30 | the 31st of June
3pm CST | zone America/Chicago Asia/Shanghai | CST
3pm EST |
3/4 or 20/4 |
"""


def doubts(understood: Understood) -> str:
    return ", ".join(" ".join([one.about, *one.readings]) for one in understood.ambiguities)


@pytest.mark.parametrize("line", DOUBTS.strip().splitlines())
def test_what_is_unclear_is_said(line: str) -> None:
    """
    Each sentence has the ambiguity beside it, or none, and says where it stands.
    """
    text, expected, *place = (part.strip() for part in line.split("|"))
    understood = read(text, NOW)

    assert expected == doubts(understood)
    assert place == [text[slice(*one.span)] for one in understood.ambiguities]


def test_the_order_of_a_numeric_date_is_the_locales() -> None:
    """
    The third of April is written 3/4 in London, and 4/3 in New York.
    """
    assert ["2026-04-03"] == [str(day) for day in read("3/4", NOW, "en-GB").dates]
    assert ["2026-04-03"] == [str(day) for day in read("4/3", NOW, "en-US").dates]


def test_spans_say_where_it_stands() -> None:
    """
    Every part that was understood points to its words, in the text as it was written.
    """
    text = "Hé! Let's meet ﾓ next Tuesday at \uff13pm, for 30 minutes."

    assert ["next Tuesday", "\uff13pm", "30 minutes"] == [
        text[slice(*span)] for span in read(text, NOW).spans
    ]


def test_the_other_half_of_the_day_is_handed_on() -> None:
    """
    "At 8" keeps both times, for whoever knows which of them is free.
    """
    (wish,) = read("tomorrow at 8", NOW).times

    assert "08:00 20:00" == f"{wish.start_time:%H:%M} {wish.other_time:%H:%M}"


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("3pm est", "America/New_York"),
        ("Tuesday at 3 EST", "America/New_York"),
        ("15h CET mardi", "Europe/Paris"),
        ("10:00 IST tomorrow", "Asia/Kolkata"),
        ("Quel est votre prochain rendez-vous ?", None),
        ("mardi à 15h est possible", None),
        ("15h cet après-midi", None),
        ("Est-ce que mardi vous convient ?", None),
        ("Ist Dienstag um 15 Uhr frei?", None),
        ("Dienstag ist gut, 15:00 ist besser", None),
        ("a la hora de reunión", None),
        ("tomorrow at 3pm my time, I'm in Tokyo", "Asia/Tokyo"),
        ("Ich bin in Wien, geht Dienstag?", "Europe/Vienna"),
        ("je suis à Montréal", "America/Montreal"),
        ("Estoy en Bogotá, ¿el martes?", "America/Bogota"),
        ("東京にいます。明日の15時", "Asia/Tokyo"),
        ("我在上海 明天下午", "Asia/Shanghai"),
        ("I'm in", None),
        ("I am in a meeting on Tuesday", None),
    ],
)
def test_words_that_could_be_zones(text: str, zone: str | None) -> None:
    """
    A word that is common in its language is a zone in capitals alone.
    """
    assert zone == read(text, NOW).zone


@pytest.mark.parametrize(
    "text",
    [
        "What's the next free slot?",
        "the earliest you have",
        "Wann ist der nächste freie Termin?",
        "so früh wie möglich",
        "le plus tôt possible",
        "Quel est le prochain créneau disponible ?",
        "La próxima hora libre",
        "el primer hueco libre",
        "O próximo horário livre",
        "qual è il primo appuntamento disponibile?",
        "Wat is het eerste vrije moment?",
        "次の空き時間は",
        "最早什么时候有空",
    ],
)
def test_the_next_free_time_is_no_date(text: str) -> None:
    """
    Whoever wants the soonest names no day, though "primer" and "so" may stand for one.
    """
    assert "flexible" == said(text)


@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("hello", {Intent.GREETING}),
        ("thanks a lot!", {Intent.THANKS}),
        ("bye", {Intent.GOODBYE}),
        ("I'd like to book a call", {Intent.BOOK}),
        ("please cancel my booking", {Intent.CANCEL, Intent.BOOK}),
        ("can we reschedule?", {Intent.RESCHEDULE}),
        ("Guten Tag, ich möchte einen Termin", {Intent.GREETING, Intent.BOOK}),
        ("annuler mon rendez-vous", {Intent.CANCEL, Intent.BOOK}),
        ("予約をキャンセルしたい", {Intent.CANCEL, Intent.BOOK}),
        ("谢谢", {Intent.THANKS}),
        ("what is the capital of Peru", set()),
    ],
)
def test_what_a_message_does(text: str, intents: set[Intent]) -> None:
    """
    Greetings, thanks, bookings and cancellations are told apart.
    """
    assert intents == set(read(text, NOW).intents)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("next Tuesday", "en"),
        ("nächsten Dienstag um 10", "de"),
        ("mardi prochain à 10h", "fr"),
        ("el próximo martes a las 10", "es"),
        ("na próxima terça às 10h", "pt"),
        ("martedì prossimo alle 10", "it"),
        ("volgende dinsdag om 10 uur", "nl"),
        ("来週の火曜日", "ja"),
        ("下周二", "zh"),
        ("2026-04-03", "en"),
    ],
)
def test_the_language_is_known_by_its_words(text: str, language: str) -> None:
    """
    Without a locale the words tell the language, and numbers alone are read as English.
    """
    assert language == read(text, NOW).language


@pytest.mark.parametrize(
    ("text", "preferred"),
    [
        ("tomorrow at 3pm", "15:00"),
        ("tomorrow afternoon", "afternoon"),
        ("tomorrow night", "evening"),
        ("after 3pm", "15:00"),
        ("before noon", "morning"),
        ("before 4pm", "afternoon"),
        ("from 2 to 4pm", "14:00"),
        ("tomorrow", None),
    ],
)
def test_the_preferred_time_is_written_as_the_api_has_it(text: str, preferred: str | None) -> None:
    """
    A clock time, or morning, afternoon or evening.
    """
    assert preferred == read(text, NOW).preferred_time


@pytest.mark.parametrize(
    ("text", "allowed", "refused"),
    [
        ("at 3pm", "15:00", "15:30"),
        ("from 2 to 4pm", "14:00 15:30", "13:30 16:00"),
        ("after 3pm", "15:00 23:30", "14:30"),
        ("before 10am", "00:00 09:30", "10:00"),
        ("from 10pm to 2am", "22:00 23:30 01:30", "02:00 21:30"),
        ("mornings but not at 9am", "10:00", "09:00"),
        ("tomorrow", "00:00 12:00", ""),
    ],
)
def test_a_time_is_allowed_or_not(text: str, allowed: str, refused: str) -> None:
    """
    A slot's wall time is within the wish or it is not, over midnight too.
    """
    understood = read(text, NOW)

    assert all(understood.allows_time(NOW.strptime(at, "%H:%M").time()) for at in allowed.split())
    assert not any(understood.allows_time(NOW.strptime(at, "%H:%M").time()) for at in refused.split())
