"""
Everything that can go wrong on purpose.

    CalendoError
    +-- InvalidInput (400)      NestedTooDeep, ForbiddenAddress
    +-- Unauthenticated (401)   WrongCredentials
    +-- Forbidden (403)         RegistrationClosed, CrossSite
    +-- NotFound (404)
    +-- Conflict (409)          EmailTaken, SlugTaken, SlotUnavailable, BookingState, TooLate,
    |                           TooManyBookings, ScheduleInUse, IdempotencyKeyReused,
    |                           DefaultScheduleNeeded, EndpointState, DeliveryState
    +-- BodyTooLarge (413)
    +-- NotJson (415)
    +-- NotAPicture (415)
    +-- RateLimited (429)
    +-- Unavailable (503)

An error's docstring is its message unless the raise gives a better one. Its
``code`` is stable; clients are written against it.
"""

from typing import ClassVar


class CalendoError(Exception):
    """Something went wrong on our end. Please try again; if it lasts, tell whoever runs this server."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.default_message()
        super().__init__(self.message)

    @classmethod
    def default_message(cls) -> str:
        """
        Return the docstring, on one line.
        """
        return " ".join((cls.__doc__ or "").split())


class InvalidInput(CalendoError):
    """The request is not valid."""

    status = 400
    code = "invalid_input"


class NestedTooDeep(InvalidInput):
    """The JSON body is nested more than 32 levels deep."""

    code = "nested_too_deep"


class ForbiddenAddress(InvalidInput):
    """url: webhooks go to public https addresses only."""

    code = "forbidden_address"


class Unauthenticated(CalendoError):
    """Sign in, or send a valid API key in the X-API-Key header."""

    status = 401
    code = "unauthenticated"


class WrongCredentials(Unauthenticated):
    """The e-mail address or the password is wrong."""

    code = "wrong_credentials"


class Forbidden(CalendoError):
    """You may not do this."""

    status = 403
    code = "forbidden"


class RegistrationClosed(Forbidden):
    """Registration is closed on this server. Ask whoever runs it for an account."""

    code = "registration_closed"


class CrossSite(Forbidden):
    """This request comes from another site; a session cookie is not accepted from there. Use an API key."""

    code = "cross_site"


class NotFound(CalendoError):
    """There is nothing at this address."""

    status = 404
    code = "not_found"


class MethodNotAllowed(CalendoError):
    """This address does not take that method; the Allow header lists those it takes."""

    status = 405
    code = "method_not_allowed"


class Conflict(CalendoError):
    """This is in conflict with what is there already."""

    status = 409
    code = "conflict"


class EmailTaken(Conflict):
    """There is already an account with this e-mail address. Log in, or use another address."""

    code = "email_taken"


class SlugTaken(Conflict):
    """slug: this one is taken or reserved. Choose another."""

    code = "slug_taken"


class SlotUnavailable(Conflict):
    """This time is not, or no longer, on offer. Please choose another one."""

    code = "slot_unavailable"


class BookingState(Conflict):
    """The booking's status does not allow this."""

    code = "booking_state"


class TooLate(Conflict):
    """It is too late to change this booking here. Please get in touch with your host."""

    code = "too_late"


class TooManyBookings(Conflict):
    """This e-mail address has as many bookings to come as this host allows. Cancel one first."""

    code = "too_many_bookings"


class ScheduleInUse(Conflict):
    """This schedule is in use. Give its event types another one first."""

    code = "schedule_in_use"


class DefaultScheduleNeeded(Conflict):
    """One schedule has to be the default. Make another one the default first."""

    code = "default_schedule_needed"


class IdempotencyKeyReused(Conflict):
    """This Idempotency-Key was used with another body. Use a new key for a new request."""

    code = "idempotency_key_reused"


class EndpointState(Conflict):
    """This webhook is switched off. Switch it on first, with is_active."""

    code = "endpoint_state"


class DeliveryState(Conflict):
    """This delivery is still on its way. Wait until it has arrived or failed."""

    code = "delivery_state"


class BodyTooLarge(CalendoError):
    """The body is larger than 64 KiB."""

    status = 413
    code = "body_too_large"


class NotJson(CalendoError):
    """Send the body as JSON, with the header Content-Type: application/json."""

    status = 415
    code = "not_json"


class NotAPicture(CalendoError):
    """Send the picture itself, with its Content-Type: image/png, image/jpeg or image/webp."""

    status = 415
    code = "not_a_picture"


class RateLimited(CalendoError):
    """Too many requests."""

    status = 429
    code = "RATE_LIMIT_EXCEEDED"

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        unit = "second" if retry_after == 1 else "seconds"
        super().__init__(f"Too many requests. Please retry after {retry_after} {unit}.")


class Unavailable(CalendoError):
    """The server is too busy, or its database is away. Please try again in a few seconds."""

    status = 503
    code = "unavailable"
