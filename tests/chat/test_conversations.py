"""
What a conversation says so far: additions narrow, corrections replace, the rest stays.
"""

from saying import NOW, expectations, written

from calendo.chat.vocabulary import read
from calendo.core.phrases import Understood, combine

CONVERSATIONS = """
next week / Tuesday | 03-17
next week / Tuesday or Thursday | 03-17,03-19
in April / the 14th | 04-14
in April / Monday the 13th | 04-13
in April / Mondays | 04-06,04-13,04-20,04-27
on Thursday / at 3pm | 03-12 15:00
at 3pm / on Thursday | 03-12 15:00
Tuesday at 3 / no, Thursday | 03-12 15:00
Tuesday at 3 / make it 4 pm instead | 03-17 16:00
Tuesday / no, the 14th instead | 03-14
next week / not Monday | 03-17..03-22 not Mon
next week / not Monday / and no Fridays | 03-17..03-19,03-21..03-22 not Mon not Fri
not Monday / next week | 03-17..03-22 not Mon
not Monday / Monday is fine after all | 03-16
tomorrow / in the afternoon | 03-12 afternoon
tomorrow afternoon / at 4 | 03-12 16:00
tomorrow evening / at 8 | 03-12 20:00
tomorrow morning / rather in the evening | 03-12 evening
tomorrow / no mornings please | 03-12 not morning
tomorrow morning / not in the morning | 03-12 not morning
half an hour / on Friday | 03-13 30min
on Friday / 45 minutes please | 03-13 45min
3pm London time / on Friday | 03-13 15:00 Europe/London
on Friday / the second one | 03-13 pick 2
on Friday / anything later? | 03-13 later
on Friday / thanks! | 03-13
next week / before Thursday | 03-11
after the 20th / Monday | 03-23
not on the 14th / how about the 14th then | 03-14
March 20 / what about 21? | 03-20
"""


def talked(turns: str) -> Understood:
    first, *more = (read(turn, NOW) for turn in turns.split(" / "))
    so_far = first
    for said in more:
        so_far = combine(so_far, said)
    return so_far


def test_a_conversation_says_what_it_comes_to() -> None:
    """
    After its last message each conversation means what stands beside it.
    """
    expected = expectations(CONVERSATIONS)

    assert expected == {turns: written(talked(turns)) for turns in expected}
