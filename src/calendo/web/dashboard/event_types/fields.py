"""
The form of an event type: its fields as text, and what they mean.

Questions stand in it under numbers: ``questions`` lists these in order, and
``questions.3.label`` belongs to the one with the number 3.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from calendo.db.models import EventType
from calendo.errors import InvalidInput
from calendo.i18n import gettext_noop
from calendo.ops import slugs
from calendo.web.api.event_types import (
    MAX_QUESTIONS,
    Buffer,
    Duration,
    EventTypeIn,
    FutureDays,
    Interval,
    LocationType,
    Notice,
    Question,
)
from calendo.web.api.fields import Color, Line, OptionalLine, RowId, Slug, Text, unset
from calendo.web.dashboard.forms import Form, said
from calendo.web.dashboard.reminders import RemindersForm, all_reminders

#: Kinds of questions whose options the host writes; the first ones cannot do without.
LISTS = ("select", "radio", "checkbox")
_NEED_OPTIONS = LISTS[:2]
_NO_OPTIONS = gettext_noop("Give at least one option, each on a line of its own.")
_NUMBER = re.compile(r"\d{1,6}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PLAIN = ("name", "slug", "description", "color", "location_type", "location", "schedule_id")
_NUMBERS = (
    "duration_minutes",
    "slot_interval",
    "buffer_before",
    "buffer_after",
    "min_notice_hours",
    "max_future_days",
    "cancel_notice_hours",
    "reschedule_notice_hours",
)


class TypeForm(RemindersForm):
    """
    All fields but the questions; what is left blank is as the API has it by default.
    """

    name: Line
    slug: Slug = unset()
    duration_minutes: Duration
    slot_interval: Interval = unset()
    description: Text = unset()
    color: Color = unset()
    location_type: LocationType = unset()
    location: OptionalLine = unset()
    is_secret: bool = unset()
    requires_confirmation: bool = unset()
    buffer_before: Buffer = unset()
    buffer_after: Buffer = unset()
    min_notice_hours: Notice = unset()
    max_future_days: FutureDays = unset()
    cancel_notice_hours: Notice = unset()
    reschedule_notice_hours: Notice = unset()
    schedule_id: RowId = unset()


#: What the API makes of an event type of which nothing is said.
_FRESH = EventTypeIn(name="-").model_dump(include={*TypeForm.model_fields})


@dataclass(frozen=True, slots=True)
class Row:
    """
    A question as the form shows it: its number, and the prefix of its fields' names.
    """

    number: str

    @property
    def prefix(self) -> str:
        """
        What the names of its fields begin with.
        """
        return f"questions.{self.number}."


def shown(event_type: EventType) -> dict[str, Any]:
    """
    Write what there is into the fields of the form.
    """
    values: dict[str, Any] = {name: getattr(event_type, name) for name in (*_PLAIN, *_NUMBERS)}
    values |= {
        "is_secret": "yes" if event_type.is_secret else "",
        "requires_confirmation": "yes" if event_type.requires_confirmation else "",
        "reminder_minutes": event_type.reminder_minutes,
        "questions": [str(number) for number in range(len(event_type.questions))],
    }
    for number, question in enumerate(event_type.questions):
        prefix = Row(str(number)).prefix
        values |= {f"{prefix}{name}": question[name] for name in ("id", "label", "type")}
        values[f"{prefix}required"] = "yes" if question["required"] else ""
        values[f"{prefix}options"] = "\n".join(question["options"])
    return values


def defaults(name: str = "") -> dict[str, Any]:
    """
    Fill in the form of a new event type.
    """
    values = {field: _FRESH[field] for field in (*_PLAIN, *_NUMBERS, "reminder_minutes")}
    return {**values, "name": name, "location_type": "google_meet"}


def rows(form: Form) -> list[Row]:
    """
    List the questions of a form, in their order.
    """
    numbers = [number for number in form.values("questions") if _NUMBER.fullmatch(number)]
    return [Row(number) for number in dict.fromkeys(numbers)]


def rearrange(form: Form, act: str) -> str | None:
    """
    Do what a button among the questions says: ``add``, ``remove.3``, ``up.3``, ``down.3``.

    Returns the number of the question that is looked at next.
    """
    numbers = [row.number for row in rows(form)]
    verb, _, number = act.partition(".")
    if verb == "add" and len(numbers) < MAX_QUESTIONS:
        number = str(max(map(int, numbers), default=-1) + 1)
        numbers.append(number)
    elif number in numbers:
        place = numbers.index(number)
        numbers.remove(number)
        if verb == "remove":
            number = numbers[min(place, len(numbers) - 1)] if numbers else ""
        else:
            numbers.insert(max(place - 1, 0) if verb == "up" else place + 1, number)
    form.put("questions", *numbers)
    return number or None


def read(form: Form) -> dict[str, Any]:
    """
    Read the whole form; ``InvalidInput`` with what is wrong noted in it.
    """
    try:
        wanted = form.read(TypeForm)
    finally:
        # What is wrong with questions is said at once, not once the rest is right.
        questions = _questions(form)
    reminders = all_reminders(form, wanted)
    if form.errors:
        raise InvalidInput
    return {
        **_FRESH,
        **wanted.model_dump(exclude_unset=True, exclude={"reminder_other"}),
        "reminder_minutes": reminders,
        "questions": questions,
    }


def read_draft(form: Form) -> dict[str, Any]:
    """
    Read what can be read of a form that somebody is still at; the rest is as in a new one.
    """
    draft = {**_FRESH, "name": ""}
    for name in _FRESH.keys() - {"slug"}:
        given = {"name": ["-"], "duration_minutes": ["30"], name: form.values(name)}
        if any(given[name]):
            with suppress(InvalidInput):
                draft |= Form(form.texts, given).read(TypeForm).model_dump(include={name}, exclude_unset=True)
    draft["questions"] = _questions(Form(form.texts, {}), source=form)
    return draft


def _questions(form: Form, source: Form | None = None) -> list[dict[str, Any]]:
    """
    Read the questions that can be read, and note in ``form`` what is wrong with others.
    """
    source = source or form
    listed = rows(source)[:MAX_QUESTIONS]
    ids = [source.value(f"{row.prefix}id") for row in listed]
    read_: list[dict[str, Any]] = []
    for place, row in enumerate(listed):
        given = _given(source, row)
        others = [question["id"] for question in read_] + ids[place + 1 :]
        if not _ID.fullmatch(given["id"]) or given["id"] in {question["id"] for question in read_}:
            given["id"] = slugs.first_free(slugs.slug_of(given["label"], fallback="question"), others)
        try:
            read_.append(Question.model_validate(given).model_dump())
        except ValidationError as error:
            _note(form, row, given, error)
    return read_


def _given(form: Form, row: Row) -> dict[str, Any]:
    kind = form.value(f"{row.prefix}type", "text")
    lines = form.value(f"{row.prefix}options").splitlines()
    return {
        "id": form.value(f"{row.prefix}id"),
        "label": form.value(f"{row.prefix}label"),
        "type": kind,
        "required": form.value(f"{row.prefix}required") == "yes",
        # What was typed for another kind stays in the form, and is not asked.
        "options": [line.strip() for line in lines if line.strip()] if kind in LISTS else [],
    }


def _note(form: Form, row: Row, given: dict[str, Any], error: ValidationError) -> None:
    for problem in error.errors():
        # What is wrong with the whole of a question is wrong with its options.
        name = str(problem["loc"][0]) if problem["loc"] else "options"
        needs_options = name == "options" and given["type"] in _NEED_OPTIONS and not given["options"]
        text = form.texts.gettext(_NO_OPTIONS) if needs_options else said(form.texts, problem)
        form.errors.setdefault(f"{row.prefix}{name}", text)
