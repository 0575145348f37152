"""
The words of an answer: what was decided, said in the invitee's language and on their clock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from babel.lists import format_list

from calendo.chat.choices import Choice
from calendo.chat.decide import LOOK_AHEAD_DAYS, Decision, Say
from calendo.chat.hearing import Heard
from calendo.core.instants import (
    HOUR,
    MINUTE,
    Instant,
    UnknownZone,
    get_zone,
    local_date,
    midnight,
    wall_to_instant,
)
from calendo.core.phrases import Ambiguity, Unclear
from calendo.i18n import Texts, translations


@dataclass(frozen=True, slots=True)
class Words:
    """
    What an answer is made of. ``names_zone`` says to add in which zone the times are.
    """

    decision: Decision
    heard: Heard
    host: str
    names_zone: bool


def worded(words: Words) -> str:
    """
    Write the message; its facts are those of the action.
    """
    speaker = _Speaker(words, translations(words.heard.language, "chat"))
    said = [speaker.say(say) for say in words.decision.says]
    said += [speaker.about(each) for each in words.heard.new.ambiguities[:1] if words.decision.action]
    if words.names_zone and words.decision.action and words.decision.action.slots:
        said.append(speaker.zone())
    return speaker.joined(said)


class _Speaker:
    """
    Says one thing after the other in one language.
    """

    def __init__(self, words: Words, texts: Texts) -> None:
        self._texts = texts
        self._heard = words.heard
        self._host = words.host
        self._action = words.decision.action
        self._zone = words.heard.zone
        self._ = texts.gettext

    def say(self, say: Say) -> str:
        """
        Say one thing that was decided.
        """
        special: dict[Say, Callable[[], str]] = {
            Say.NO_SUCH_LENGTH: self._no_such_length,
            Say.CHOOSE_TYPE: self._choose,
            Say.OFFER: self._offer,
            Say.PICKED: self._picked,
            Say.WHICH_TIME: self._which,
            Say.BEYOND: self._beyond,
            Say.TOO_SOON: self._too_soon,
            Say.FULL: self._full,
            Say.TAKEN: self._taken,
            Say.NEAREST: self._nearest,
            Say.NOTHING_FREE: self._nothing_free,
        }
        return special[say]() if say in special else self._plain(say) % {"host": self._host}

    def _plain(self, say: Say) -> str:
        _ = self._
        return {
            Say.GREETING: lambda: _("Hello! When would you like to meet %(host)s?"),
            Say.THANKS: lambda: _("You're welcome."),
            Say.GOODBYE: lambda: _("Goodbye, and see you soon."),
            Say.HELP: lambda: _(
                "Tell me when it suits you, such as “Tuesday afternoon” or “next week at 10”, and I look for "
                "free times with %(host)s. Choose one of them to book it."
            ),
            Say.OFF_TOPIC: lambda: _(
                "I can only help with finding a time to meet %(host)s. When would it suit you?"
            ),
            Say.MANAGE_LINK: lambda: _(
                "To cancel or move a booking, open the link in the mail that confirmed it. "
                "Both can be done there."
            ),
            Say.NOTHING_OFFERED: lambda: _("%(host)s offers no meetings here at the moment."),
            Say.WHAT_THEN: lambda: _("When would suit you?"),
            Say.PAST: lambda: _("That time has passed already."),
            Say.GONE: lambda: _("That time is not free any more."),
            Say.NONE_LATER: lambda: _("There is nothing later."),
            Say.NONE_EARLIER: lambda: _("There is nothing earlier."),
            Say.NONE_OTHER: lambda: _("There are no other times."),
        }[say]()

    def _no_such_length(self) -> str:
        minutes = self._heard.match.missing_minutes or 0
        return self._("There is no meeting of %(duration)s here.") % {
            "duration": self._texts.duration(minutes)
        }

    def _choose(self) -> str:
        choices = [
            f"{choice.name} ({self._texts.duration(choice.duration_minutes)})"
            for choice in (self._action.choices if self._action else ())
        ]
        return self._("Which meeting would you like: %(choices)s?") % {"choices": self._list(choices)}

    def _offer(self) -> str:
        days = self._days()
        if len(days) > 1:
            return self._("Free times for %(meeting)s: %(times)s.") % self._facts()
        if len(self._slots) > 1:
            return self._("Free times for %(meeting)s on %(day)s: %(times)s.") % {
                **self._facts(),
                "day": self._day(days[0]),
                "times": self._list([self._texts.time(start, self._zone) for start in self._slots]),
            }
        return self._("%(meeting)s: %(moment)s is free. Choose it to book.") % self._facts()

    def _picked(self) -> str:
        return (
            self._(
                "%(meeting)s: %(moment)s. Nothing is booked yet: "
                "choose the time to enter your name and book it."
            )
            % self._facts()
        )

    def _which(self) -> str:
        return self._("Which of these times would you like: %(times)s?") % self._facts()

    def _beyond(self) -> str:
        today = self._heard.wish.reference.date()
        last_on = today + timedelta(days=self._choice.max_future_days)
        return self._("That is too far ahead: %(meeting)s can be booked until %(day)s.") % {
            "meeting": self._choice.name,
            "day": self._day(last_on),
        }

    def _too_soon(self) -> str:
        notice = self._texts.duration(self._choice.min_notice_hours * (HOUR // MINUTE))
        return self._("That is too soon: %(meeting)s has to be booked at least %(notice)s ahead.") % {
            "meeting": self._choice.name,
            "notice": notice,
        }

    def _full(self) -> str:
        dates = self._action.dates if self._action else ()
        if len(dates) == 1:
            return self._("Nothing is free on %(day)s.") % {"day": self._day(dates[0])}
        return self._("Nothing is free on those days.")

    def _taken(self) -> str:
        dates = self._action.dates if self._action else ()
        exact = [wish.start_time for wish in self._heard.wish.times if wish.exact and wish.start_time]
        if len(dates) == 1 and len(exact) == 1:
            start = wall_to_instant(dates[0], exact[0], self._zone)
            return self._("%(moment)s is not free.") % {"moment": self._texts.moment(start, self._zone)}
        return self._("Nothing is free at that time.")

    def _nearest(self) -> str:
        return self._("The nearest free times for %(meeting)s: %(times)s.") % self._facts()

    def _nothing_free(self) -> str:
        today = self._heard.wish.reference.date()
        last_on = today + timedelta(days=min(LOOK_AHEAD_DAYS, self._choice.max_future_days))
        return self._("There are no free times for %(meeting)s until %(day)s.") % {
            "meeting": self._choice.name,
            "day": self._day(last_on),
        }

    def about(self, ambiguity: Ambiguity) -> str:
        """
        Say how something was taken that could mean something else.
        """
        if ambiguity.about is Unclear.NO_SUCH_DATE:
            return self._("There is no such date.")
        reading = self._reading(ambiguity.readings[0]) if ambiguity.readings else ""
        return self._("I took that to mean %(reading)s.") % {"reading": reading} if reading else ""

    def zone(self) -> str:
        """
        Say in which zone the times are.
        """
        start = self._slots[0]
        return self._("Times are in %(zone)s.") % {"zone": self._texts.zone(start, self._zone)}

    def joined(self, said: Sequence[str]) -> str:
        """
        Put sentences side by side, as the language does.
        """
        blank = "" if self._texts.locale.language in {"ja", "zh"} else " "
        return blank.join(sentence for sentence in said if sentence)

    @property
    def _slots(self) -> tuple[Instant, ...]:
        return self._action.slots if self._action else ()

    @property
    def _choice(self) -> Choice:
        if self._action is None or self._action.choice is None:
            raise ValueError("this is said of an event type, and there is none")
        return self._action.choice

    def _facts(self) -> dict[str, str]:
        moments = [self._texts.moment(start, self._zone) for start in self._slots]
        meeting = self._choice.name
        return {"meeting": meeting, "moment": moments[0], "times": self._list(moments)}

    def _days(self) -> list[date]:
        return sorted({local_date(start, self._zone) for start in self._slots})

    def _day(self, on: date) -> str:
        return self._texts.date(midnight(on, self._zone) + HOUR, self._zone)

    def _list(self, items: Sequence[str]) -> str:
        return format_list(list(items), style="or", locale=self._texts.locale)

    def _reading(self, text: str) -> str:
        try:
            return self._day(date.fromisoformat(text))
        except ValueError:
            pass
        try:
            today = self._heard.wish.reference.date()
            return self._texts.time(wall_to_instant(today, time.fromisoformat(text), self._zone), self._zone)
        except ValueError:
            pass
        try:
            return self._texts.zone(midnight(self._heard.wish.reference.date(), self._zone), get_zone(text))
        except UnknownZone:
            return ""
