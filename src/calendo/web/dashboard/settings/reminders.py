"""
Reminders: those of each event type, and the same ones for all at once.
"""

from collections import Counter
from collections.abc import Sequence

from fastapi import Response
from fastapi.responses import HTMLResponse

from calendo.db.models import EventType
from calendo.errors import InvalidInput
from calendo.ops import event_types
from calendo.web.dashboard.forms import Form
from calendo.web.dashboard.reminders import read_reminders, to_choose, written_reminders
from calendo.web.dashboard.settings.profile import DOMAIN, PATH
from calendo.web.dashboard.visitors import Typed, Visit, Visiting, area
from calendo.web.deps import Db

REMINDERS = f"{PATH}/reminders"
router = area(REMINDERS, DOMAIN)


@router.get("")
def show_reminders(visit: Visiting, db: Db) -> HTMLResponse:
    """
    Show the reminders of each event type, and a form for all of them.
    """
    return _page(visit, db)


@router.post("")
def change_reminders(visit: Visiting, form: Typed, db: Db) -> Response:
    """
    Give all event types these reminders, and say how many had others.
    """
    try:
        reminders = read_reminders(form)
    except InvalidInput as error:
        return _page(visit, db, form.blame(error), error.status)
    with db.write() as tx:
        changed = event_types.remind_alike(tx, visit.host_id, reminders)
    if not changed:
        said = visit.texts.gettext("Nothing is changed: all event types have these reminders already.")
    else:
        said = visit.texts.ngettext(
            "The reminders of %(num)s event type are changed.",
            "The reminders of %(num)s event types are changed.",
            changed,
        ) % {"num": changed}
    return visit.turn_to(REMINDERS, said)


def _page(visit: Visit, db: Db, form: Form | None = None, status: int = 200) -> HTMLResponse:
    with db.read() as tx:
        on = event_types.list_types(tx, visit.host_id)
        off = event_types.list_types(tx, visit.host_id, active=False)
        types = [(row, written_reminders(visit.texts, row.reminder_minutes)) for row in (*on, *off)]
        form = form or visit.form(reminder_minutes=_most_common([*on, *off]))
        return visit.render(
            "settings/reminders.html", status, form=form, reminders=to_choose(form), types=types
        )


def _most_common(types: Sequence[EventType]) -> list[int]:
    """
    Find the reminders that most event types have; of several, those that come first.
    """
    counted = Counter(tuple(row.reminder_minutes) for row in types)
    return [minutes for reminders, _ in counted.most_common(1) for minutes in reminders]
