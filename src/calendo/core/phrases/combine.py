"""
What a conversation says so far: additions narrow, corrections replace.
"""

from calendo.core.phrases.meaning import Understood


def combine(previous: Understood, new: Understood) -> Understood:
    """
    Add a message to what was understood before it.

    A field that ``new`` says replaces the one of ``previous``, and one that it
    does not say stays. A new day that lies in the days before narrows them:
    after "next week", "Tuesday" is the Tuesday of next week. What is ruled out
    adds up, until a correction or a positive wish for it takes it back.
    ``pick``, ``move``, ``intents``, ``corrects``, ``ambiguities`` and spans are
    those of ``new``, since they concern one message only.
    """
    return new if new.says_when else previous
