"""
Reminders in forms: how long before the start, some to tick and one to type.
"""

import re
from collections.abc import Sequence

from pydantic import BaseModel

from calendo.errors import InvalidInput
from calendo.i18n import Texts
from calendo.web.api.event_types import MAX_REMINDERS, ReminderLength, ReminderMinutes
from calendo.web.dashboard.forms import Form

_USUAL = (15, 60, 3 * 60, 24 * 60, 2 * 24 * 60, 7 * 24 * 60)
_DAY = 24 * 60
# No reminder is longer, and what is sent may be any text.
_NUMBER = re.compile(r"[1-9][0-9]{0,4}")


class RemindersForm(BaseModel):
    """
    The reminders that are ticked, and one more; with none of them there are none.
    """

    reminder_minutes: ReminderMinutes = []
    reminder_other: ReminderLength | None = None


def read_reminders(form: Form) -> list[int]:
    """
    Read a form of reminders alone; ``InvalidInput`` with what is wrong noted in it.
    """
    reminders = all_reminders(form, form.read(RemindersForm))
    if form.errors:
        raise InvalidInput
    return reminders


def all_reminders(form: Form, wanted: RemindersForm) -> list[int]:
    """
    Put all reminders together, the earliest first; too many are noted in the form.
    """
    both = {*wanted.reminder_minutes, *filter(None, [wanted.reminder_other])}
    if len(both) > MAX_REMINDERS:
        form.errors["reminder_minutes"] = form.texts.gettext("Five reminders are the most.")
    return sorted(both, reverse=True)


def to_choose(form: Form) -> list[tuple[int, str]]:
    """
    List the reminders to choose from: the usual ones, and those that are chosen already.
    """
    chosen = [int(length) for length in form.values("reminder_minutes") if _NUMBER.fullmatch(length)]
    return [(minutes, written_length(form.texts, minutes)) for minutes in sorted({*_USUAL, *chosen})]


def written_length(texts: Texts, minutes: int) -> str:
    """
    Write how long before: in days where it is whole days, else in hours and minutes.
    """
    days, rest = divmod(minutes, _DAY)
    if days and not rest:
        return texts.ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return texts.duration(minutes)


def written_reminders(texts: Texts, reminders: Sequence[int]) -> str:
    """
    Write all reminders of an event type, the earliest first: ``1 day before, 1 hour before``.
    """
    before = texts.gettext("%(length)s before")
    lengths = [before % {"length": written_length(texts, minutes)} for minutes in reminders]
    return ", ".join(lengths) or texts.gettext("No reminders")
