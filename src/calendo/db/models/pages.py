"""
What hosts offer: pages, hours, event types.
"""

from typing import Any, Final

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from calendo.db.models.base import Base, owner_id, row_id, table_args

#: A day before and an hour before.
DEFAULT_REMINDER_MINUTES: Final = (1440, 60)


class BookingPage(Base):
    """
    The public face of a host; each has one.
    """

    __tablename__ = "booking_pages"
    __table_args__ = table_args(UniqueConstraint("slug"), UniqueConstraint("host_id"))

    id: Mapped[int] = row_id()
    host_id: Mapped[int] = owner_id()
    slug: Mapped[str]
    display_name: Mapped[str]
    bio: Mapped[str]
    brand_color: Mapped[str]
    welcome_message: Mapped[str]


class AvailabilitySchedule(Base):
    """
    When a host can be met. ``rules`` and ``overrides`` are JSON text, in wall time.
    """

    __tablename__ = "availability_schedules"
    __table_args__ = table_args(
        Index(None, "host_id"),
        Index(
            "uq_availability_schedules_default",
            "host_id",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )

    id: Mapped[int] = row_id()
    host_id: Mapped[int] = owner_id()
    name: Mapped[str]
    timezone: Mapped[str]
    rules: Mapped[str]
    overrides: Mapped[str]
    is_default: Mapped[bool]
    created_ts: Mapped[int]


class EventType(Base):
    """
    A bookable meeting template. ``schedule_id`` None follows the default schedule.
    """

    __tablename__ = "event_types"
    __table_args__ = table_args(UniqueConstraint("host_id", "slug"), Index(None, "schedule_id"))

    id: Mapped[int] = row_id()
    host_id: Mapped[int] = owner_id()
    schedule_id: Mapped[int | None] = mapped_column(ForeignKey("availability_schedules.id"))
    name: Mapped[str]
    slug: Mapped[str]
    description: Mapped[str]
    color: Mapped[str]
    duration_minutes: Mapped[int]
    slot_interval: Mapped[int | None]
    buffer_before: Mapped[int]
    buffer_after: Mapped[int]
    min_notice_hours: Mapped[int]
    max_future_days: Mapped[int]
    location_type: Mapped[str | None]
    location: Mapped[str | None]
    questions: Mapped[list[Any]]
    is_active: Mapped[bool]
    is_secret: Mapped[bool]
    requires_confirmation: Mapped[bool]
    cancel_notice_hours: Mapped[int] = mapped_column(default=0)
    reschedule_notice_hours: Mapped[int] = mapped_column(default=0)
    reminder_minutes: Mapped[list[Any]] = mapped_column(default=lambda: list(DEFAULT_REMINDER_MINUTES))
    position: Mapped[int]
    created_ts: Mapped[int]
