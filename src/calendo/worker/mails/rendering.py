"""
What a mail says: one template for each topic gives its subject, its text and its HTML.

The recipient reads it in their own language and on their own clock. Nothing here looks
at a clock, a table or a setting.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from calendo.core.calendars import title
from calendo.core.instants import Instant, UnknownZone, get_zone
from calendo.core.texts import one_line
from calendo.db.models import PENDING
from calendo.i18n import Texts, install_texts, translations
from calendo.ops.history import Actor
from calendo.ops.outbox import HOST, INVITEE, Notice, Topic
from calendo.worker.mails.plain import clean

#: What can be mailed about.
MAILED = (*Topic, Notice.BOOKING_REMINDER, Notice.ENDPOINT_SWITCHED_OFF, Notice.PASSWORD_RESET)

# Colors on white and on black.
_WAITING, _GOOD = ("#b45309", "#f0a94a"), ("#15803d", "#5ec983")
_BAD, _NEUTRAL = ("#b91c1c", "#f28b82"), ("#1d4ed8", "#8fb8ff")
_ACCENTS: Mapping[str, tuple[str, str]] = {
    Topic.BOOKING_REQUESTED: _WAITING,
    Topic.BOOKING_CREATED: _GOOD,
    Topic.BOOKING_RESCHEDULED: _NEUTRAL,
    Topic.BOOKING_CANCELLED: _BAD,
    Topic.BOOKING_DECLINED: _BAD,
    Notice.BOOKING_REMINDER: _NEUTRAL,
    Notice.ENDPOINT_SWITCHED_OFF: _WAITING,
    Notice.PASSWORD_RESET: _NEUTRAL,
}
# While it is not settled that they meet, and when they do not, nobody needs the way in.
_WITH_LOCATION = {Topic.BOOKING_CREATED, Topic.BOOKING_RESCHEDULED, Notice.BOOKING_REMINDER}
_NAME_IN_SUBJECT = 60


@dataclass(frozen=True, slots=True)
class Addresses:
    """
    Where the links of a mail lead; None for those it does not have.
    """

    manage: str | None = None
    decide: str | None = None
    book: str | None = None
    reset: str | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """
    What a mail says, three times: in its subject, as plain text, and as HTML.

    ``title`` is what a calendar calls the meeting; "" where there is none.
    """

    subject: str
    text: str
    html: str
    title: str = ""


def render(topic: str, recipient: str, facts: Mapping[str, Any], addresses: Addresses) -> Mail:
    """
    Say to ``recipient``, the host or the invitee, what the outbox wrote down.
    """
    known = clean(facts)
    texts = translations(known[recipient].get("locale"), "mails")
    if topic == Notice.ENDPOINT_SWITCHED_OFF:
        values = _about_endpoint(known)
    elif topic == Notice.PASSWORD_RESET:
        values = _about_password(texts, known, addresses)
    else:
        values = _about_booking(texts, topic, recipient, known, addresses)
    accent, accent_dark = _ACCENTS[topic]
    values |= {"texts": texts, "accent": accent, "accent_dark": accent_dark}
    subject, _, text = _render("txt", topic, values).partition("\n")
    return Mail(
        subject=subject,
        text=text.lstrip("\n"),
        html=_render("html", topic, values),
        title="" if values["uid"] is None else title(known, _other(recipient), texts.gettext),
    )


def _about_endpoint(facts: Mapping[str, Any]) -> dict[str, Any]:
    url = one_line(facts["url"])
    return {
        "url": url,
        "endpoint_host": urlsplit(url).hostname or url,
        "why": one_line(facts["why"] or ""),
        "uid": None,
    }


def _about_password(texts: Texts, facts: Mapping[str, Any], addresses: Addresses) -> dict[str, Any]:
    zone = _zone(facts[HOST]["timezone"])
    return {
        "uid": None,
        "until": f"{texts.moment(facts['expires_ts'], zone)} ({texts.zone(facts['expires_ts'], zone)})",
        "email": one_line(facts[HOST]["email"]),
        "reset_url": addresses.reset,
    }


def _about_booking(
    texts: Texts, topic: str, recipient: str, facts: Mapping[str, Any], addresses: Addresses
) -> dict[str, Any]:
    is_host = recipient == HOST
    other = facts[_other(recipient)]
    zone = _zone(facts[recipient]["timezone"])
    former = facts.get("former")
    shows_location = topic in _WITH_LOCATION and facts["status"] != PENDING
    location = one_line(facts["location"] or "") if shows_location else ""
    what, who = one_line(facts["event_type"]), one_line(other["name"])
    return {
        "uid": facts["uid"],
        "is_host": is_host,
        "is_off": topic in {Topic.BOOKING_CANCELLED, Topic.BOOKING_DECLINED},
        "is_pending": facts["status"] == PENDING,
        "by_other": facts["by"] == (Actor.INVITEE if is_host else Actor.HOST),
        "by_system": facts["by"] == Actor.SYSTEM,
        "what": what,
        "who": who,
        "who_email": one_line(other["email"]),
        "short_what": one_line(what, _NAME_IN_SUBJECT),
        "short_who": one_line(who, _NAME_IN_SUBJECT),
        "short_when": _breakable(texts.moment(facts["start_ts"], zone)),
        "when": _when(texts, facts["start_ts"], facts["end_ts"], zone),
        "former": _when(texts, former[0], former[1], zone) if former else None,
        "place": facts["location_type"],
        "location": location,
        "location_link": location if location.startswith(("https://", "http://")) else "",
        "answers": [_answer(texts, given) for given in facts["answers"]],
        "notes": facts["notes"],
        "reason": facts.get("reason"),
        "manage_url": addresses.manage,
        "decide_url": addresses.decide,
        "book_url": addresses.book,
    }


def _other(recipient: str) -> str:
    return INVITEE if recipient == HOST else HOST


def _when(texts: Texts, start: Instant, end: Instant, zone: ZoneInfo) -> dict[str, str]:
    return {
        "date": texts.date(start, zone),
        "time": texts.time_range(start, end, zone),
        "zone": texts.zone(start, zone),
    }


def _answer(texts: Texts, given: Mapping[str, Any]) -> dict[str, str]:
    answer = given["answer"]
    if isinstance(answer, bool):
        answer = texts.gettext("Yes") if answer else texts.gettext("No")
    elif isinstance(answer, list):
        answer = "\n".join(str(part) for part in answer)
    return {"label": one_line(given["label"]), "answer": str(answer)}


def _zone(name: str) -> ZoneInfo:
    try:
        return get_zone(name)
    except UnknownZone:
        # One that a newer tzdata no longer has; better than no mail at all.
        return get_zone("UTC")


def _breakable(text: str) -> str:
    return text.replace("\u00a0", " ")


def _render(form: str, topic: str, values: Mapping[str, Any]) -> str:
    templates = _templates(form)
    parts = templates.get_template(f"parts.{form}").make_module({"texts": values["texts"]})
    text = templates.get_template(str(topic)).render(values, parts=parts, layout=f"layout.{form}")
    if form == "html":
        return text
    # Where a block or a row says nothing its blank lines remain.
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"


@cache
def _templates(form: str) -> Environment:
    templates = Environment(
        loader=PackageLoader("calendo.worker.mails"),
        autoescape=form == "html",  # noqa: S701 - plain text has nothing to escape
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    install_texts(templates)
    return templates
