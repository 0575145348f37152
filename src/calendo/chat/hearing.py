"""
A message, heard in its conversation: what it adds, what holds now, and which event type is meant.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from calendo.chat import choices, vocabulary
from calendo.chat.choices import Choice, Match
from calendo.chat.settled import Settled
from calendo.core.instants import Instant, UnknownZone, get_zone, to_datetime
from calendo.core.phrases import Intent, Understood, combine

#: Of a message only so much is read; nobody needs more to say when.
MOST_READ = 1500


@dataclass(frozen=True, slots=True)
class Heard:
    """
    ``new`` is what the message says, ``wish`` what the conversation says with it.

    ``zone`` is where its days and times are meant, ``language`` the one to answer in.
    """

    new: Understood
    wish: Understood
    match: Match
    settled: Settled
    zone: ZoneInfo
    language: str

    @property
    def is_about_times(self) -> bool:
        """
        Whether the message wants to know or to change something about times.
        """
        new = self.new
        return bool(
            new.says_when
            or new.flexible
            or new.duration_minutes
            or new.zone
            or self.match.hinted
            or {Intent.BOOK, Intent.RESCHEDULE} & new.intents
        )


def hear(
    text: str, settled: Settled, offered: Sequence[Choice], now: Instant, zone: ZoneInfo, locale: str | None
) -> Heard:
    """
    Read a message. ``zone`` is where its writer is, as far as that is known.

    ``locale`` is the language they chose; without it the one of the message counts, and
    where that does not show, the one of the conversation.
    """
    text = text[:MOST_READ]
    reference = to_datetime(now, zone).replace(tzinfo=None)
    new = vocabulary.read(text, reference, locale or settled.language)
    wish = new if settled.wish is None else combine(settled.wish, new)
    return Heard(
        new=new,
        wish=replace(wish, reference=reference),
        match=choices.match(
            text, offered, new.duration_minutes, spans=new.spans, common=vocabulary.common(new.language)
        ),
        settled=settled,
        zone=_named(wish.zone) or zone,
        language=locale or new.language,
    )


def _named(zone: str | None) -> ZoneInfo | None:
    try:
        return get_zone(zone) if zone else None
    except UnknownZone:
        return None
