"""
Event types: the meetings a host offers.
"""

from typing import Annotated, Literal, Self

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from calendo.core.instants import written
from calendo.core.slots import MAX_BUFFER_MINUTES, MAX_DURATION_MINUTES
from calendo.db.models import DEFAULT_REMINDER_MINUTES, EventType
from calendo.errors import NotFound, SlugTaken
from calendo.ops import event_types
from calendo.web.api.answers import ANY, CHANGE, USER, Bit, Ok, Written
from calendo.web.api.fields import (
    Body,
    Color,
    Flag,
    Id,
    Line,
    OptionalLine,
    RowId,
    Slug,
    Text,
    example,
    unset,
)
from calendo.web.deps import Db, Now, UserId
from calendo.web.problems import errors
from calendo.web.routing import UserRoute

router = APIRouter(prefix="/api/event-types", tags=["Event types"], route_class=UserRoute)

# Digits only: "order" is no id.
_ONE = "/{event_type_id:digits}"
MAX_QUESTIONS = 50
_MAX_OPTIONS = 100
MAX_REMINDERS = 5
_CALL = {
    "name": "30 Minute Call",
    "duration_minutes": 30,
    "description": "A quick intro call",
    "color": "#0069ff",
}

_QUESTION = {
    "id": "company",
    "label": "Where do you work?",
    "type": "text",
    "required": False,
    "options": [],
}
PUBLIC_CALL = {
    **_CALL,
    "slug": "30-minute-call",
    "location_type": "google_meet",
    "questions": [_QUESTION],
    "requires_confirmation": 0,
}


def _descending(minutes: list[int]) -> list[int]:
    return sorted(set(minutes), reverse=True)


Duration = Annotated[int, Field(ge=5, le=MAX_DURATION_MINUTES)]
Interval = Annotated[int, Field(ge=1, le=MAX_DURATION_MINUTES)]
Buffer = Annotated[int, Field(ge=0, le=MAX_BUFFER_MINUTES)]
Notice = Annotated[int, Field(ge=0, le=24 * 365)]
FutureDays = Annotated[int, Field(ge=0, le=3650)]
Position = Annotated[int, Field(ge=0, le=1_000_000)]
#: Up to four weeks before.
ReminderLength = Annotated[int, Field(ge=1, le=28 * 24 * 60)]
#: A list that is empty sends none.
ReminderMinutes = Annotated[
    list[ReminderLength], Field(max_length=MAX_REMINDERS), AfterValidator(_descending)
]
LocationType = Literal["google_meet", "zoom", "phone", "custom"]
QuestionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
QuestionType = Literal["text", "textarea", "select", "radio", "checkbox", "phone", "email", "number"]


class Question(Body):
    """
    A question to the invitee. ``options`` are the choices of select, radio and checkbox.
    """

    id: QuestionId
    label: Line
    type: QuestionType = "text"
    required: Flag = False
    options: Annotated[list[Line], Field(max_length=_MAX_OPTIONS)] = []

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if self.type in {"select", "radio"} and not self.options:
            raise ValueError(f"a {self.type} question needs options")
        if self.options and self.type not in {"select", "radio", "checkbox"}:
            raise ValueError(f"a {self.type} question has no options")
        if len(set(self.options)) < len(self.options):
            raise ValueError("two options are the same")
        return self


def _distinct(questions: list[Question]) -> list[Question]:
    if len({question.id for question in questions}) < len(questions):
        raise ValueError("two questions have the same id")
    return questions


Questions = Annotated[list[Question], Field(max_length=MAX_QUESTIONS), AfterValidator(_distinct)]


class EventTypeIn(Body):
    """
    A new event type. Buffers in minutes; ``slot_interval`` null means every ``duration_minutes``.

    Up to ``cancel_notice_hours`` and ``reschedule_notice_hours`` before the start invitees
    may cancel and move. ``reminder_minutes`` is how long before both sides are reminded.
    """

    model_config = example(_CALL)

    name: Line
    slug: Slug | None = None
    duration_minutes: Duration = 30
    slot_interval: Interval | None = None
    description: Text = ""
    color: Color = "#0069ff"
    location_type: LocationType | None = None
    location: OptionalLine | None = None
    questions: Questions = []
    is_secret: Flag = False
    requires_confirmation: Flag = False
    buffer_before: Buffer = 0
    buffer_after: Buffer = 0
    min_notice_hours: Notice = 4
    max_future_days: FutureDays = 60
    cancel_notice_hours: Notice = 0
    reschedule_notice_hours: Notice = 0
    reminder_minutes: ReminderMinutes = list(DEFAULT_REMINDER_MINUTES)
    schedule_id: RowId | None = None
    position: Position | None = None


class EventTypeChange(Body):
    """
    The fields to change; those left out stay as they are.
    """

    model_config = example({"duration_minutes": 45, "description": "Extended intro call"})

    name: Line = unset()
    slug: Slug = unset()
    duration_minutes: Duration = unset()
    slot_interval: Interval | None = None
    description: Text = unset()
    color: Color = unset()
    location_type: LocationType | None = None
    location: OptionalLine | None = None
    questions: Questions = unset()
    is_secret: Flag = unset()
    is_active: Flag = unset()
    requires_confirmation: Flag = unset()
    buffer_before: Buffer = unset()
    buffer_after: Buffer = unset()
    min_notice_hours: Notice = unset()
    max_future_days: FutureDays = unset()
    cancel_notice_hours: Notice = unset()
    reschedule_notice_hours: Notice = unset()
    reminder_minutes: ReminderMinutes = unset()
    schedule_id: RowId | None = None
    position: Position = unset()


class OrderIn(Body):
    """
    The ids of event types, in the order in which the booking page and the lists are to show them.
    """

    model_config = example({"ids": [3, 1, 2]})

    ids: Annotated[list[RowId], Field(max_length=1000)]


class DuplicateIn(Body):
    """
    What the copy is called.
    """

    model_config = example({"name": "30 Minute Call, evenings"})

    name: Line | None = None


class QuestionOut(BaseModel):
    """
    A question to the invitee, as it was kept.
    """

    id: str
    label: str
    type: QuestionType
    required: bool
    options: list[str]


class PublicEventType(BaseModel):
    """
    What an invitee sees of an event type.
    """

    model_config = example(PUBLIC_CALL)

    name: str
    slug: str
    duration_minutes: int
    description: str
    color: str
    location_type: LocationType | None
    questions: list[QuestionOut]
    requires_confirmation: Bit

    @classmethod
    def of(cls, row: EventType) -> Self:
        """
        Render an event type; flags are 0 and 1.
        """
        return cls.model_validate({name: getattr(row, name) for name in cls.model_fields})


class EventTypeOut(BaseModel):
    """
    An event type as its host sees it.
    """

    model_config = example(
        {
            **PUBLIC_CALL,
            "id": 1,
            "slot_interval": None,
            "location": "https://meet.example.com/jane",
            "is_active": 1,
            "is_secret": 0,
            "buffer_before": 0,
            "buffer_after": 10,
            "min_notice_hours": 4,
            "max_future_days": 60,
            "cancel_notice_hours": 0,
            "reschedule_notice_hours": 0,
            "reminder_minutes": [1440, 60],
            "schedule_id": None,
            "position": 0,
            "created_at": "2026-03-07 10:00:00",
        }
    )

    id: int
    name: str
    slug: str
    duration_minutes: int
    slot_interval: int | None
    color: str
    description: str
    location_type: LocationType | None
    location: str | None
    questions: list[QuestionOut]
    is_active: Bit
    is_secret: Bit
    requires_confirmation: Bit
    buffer_before: int
    buffer_after: int
    min_notice_hours: int
    max_future_days: int
    cancel_notice_hours: int
    reschedule_notice_hours: int
    reminder_minutes: list[int]
    schedule_id: int | None
    position: int
    created_at: Written

    @classmethod
    def of(cls, row: EventType) -> Self:
        """
        Render an event type; flags are 0 and 1.
        """
        fields = {name: getattr(row, name) for name in cls.model_fields if name != "created_at"}
        return cls(**fields, created_at=written(row.created_ts))


@router.get("", summary="List your event types", responses=errors(*ANY, *USER))
def list_event_types(
    db: Db,
    user_id: UserId,
    is_active: Annotated[Literal["0", "1"], Query(description="0 lists those that are off.")] = "1",
) -> list[EventTypeOut]:
    """
    Return all active event types, in their order.
    """
    with db.read() as tx:
        return [EventTypeOut.of(row) for row in event_types.list_types(tx, user_id, active=is_active == "1")]


@router.post("", status_code=201, summary="Create an event type", responses=errors(*ANY, *CHANGE, SlugTaken))
def create_event_type(body: EventTypeIn, db: Db, user_id: UserId, now: Now) -> EventTypeOut:
    """
    Create a bookable event type. Without a ``slug`` one is made from the name.
    """
    with db.write() as tx:
        return EventTypeOut.of(event_types.create(tx, user_id, body.model_dump(), now))


@router.put("/order", summary="Reorder your event types", responses=errors(*ANY, *CHANGE))
def reorder_event_types(body: OrderIn, db: Db, user_id: UserId) -> list[EventTypeOut]:
    """
    Put event types into this order, those that are off among them. Others follow in the order
    they have. Returns the active ones, in their order.
    """
    with db.write() as tx:
        event_types.reorder(tx, user_id, body.ids)
        return [EventTypeOut.of(row) for row in event_types.list_types(tx, user_id)]


@router.post(
    "/{event_type_id}/duplicate",
    status_code=201,
    summary="Duplicate an event type",
    responses=errors(*ANY, *CHANGE, NotFound),
)
def duplicate_event_type(
    event_type_id: Id, db: Db, user_id: UserId, now: Now, body: DuplicateIn | None = None
) -> EventTypeOut:
    """
    Create another event type with the same settings, right behind this one. Without a ``name``
    it is called the same with `` (copy)`` behind it; its slug is made from the name.
    """
    name = body.name if body else None
    with db.write() as tx:
        return EventTypeOut.of(event_types.duplicate(tx, user_id, event_type_id, now, name=name))


@router.get(_ONE, summary="Read an event type", responses=errors(*ANY, *USER, NotFound))
def read_event_type(event_type_id: Id, db: Db, user_id: UserId) -> EventTypeOut:
    """
    Return one event type, whether it is on or off.
    """
    with db.read() as tx:
        return EventTypeOut.of(event_types.get_type(tx, user_id, event_type_id))


@router.put(_ONE, summary="Change an event type", responses=errors(*ANY, *CHANGE, NotFound, SlugTaken))
def change_event_type(event_type_id: Id, body: EventTypeChange, db: Db, user_id: UserId) -> EventTypeOut:
    """
    Change the fields that are sent. Bookings there are keep their times.
    """
    # Not exclude_unset: it would strip the questions of what they left to its default.
    changes = body.model_dump(include=body.model_fields_set)
    with db.write() as tx:
        return EventTypeOut.of(event_types.change(tx, user_id, event_type_id, changes))


@router.delete(_ONE, summary="Switch an event type off", responses=errors(*ANY, *CHANGE, NotFound))
def delete_event_type(event_type_id: Id, db: Db, user_id: UserId) -> Ok:
    """
    Take an event type off the booking page. Its bookings stay; PUT ``is_active`` brings it back.
    """
    with db.write() as tx:
        event_types.switch_off(tx, user_id, event_type_id)
    return Ok()
