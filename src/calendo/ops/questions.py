"""
Custom questions: does an invitee's answer fit what the host asks?
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from unicodedata import category

from email_validator import EmailNotValidError, validate_email

from calendo.errors import InvalidInput

MAX_ANSWER_LENGTH = 5000

#: Up to here a float knows each whole number, and JSON that others read has them too.
_MAX_WHOLE = 2**53
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{1,38}[0-9]", re.ASCII)

Question = Mapping[str, Any]


def check_answers(questions: Sequence[Question], answers: Mapping[str, object]) -> dict[str, Any]:
    """
    Return the answers as they are kept, keyed by question id, unanswered ones left out.

    Raises ``InvalidInput`` naming the question that is not answered as it should be.
    """
    unknown = answers.keys() - {question["id"] for question in questions}
    if unknown:
        raise InvalidInput(f"answers.{min(unknown)}: this event type has no such question.")
    kept: dict[str, Any] = {}
    for question in questions:
        answer = answers.get(question["id"])
        if isinstance(answer, str):
            answer = answer.strip()
        # Spelt out, since to Python the number 0 equals False.
        if answer is None or answer is False or answer in ("", []):
            if question["required"]:
                raise _wrong(question, "please answer this question")
            if answer is not False:
                continue
        kept[question["id"]] = _CHECKS[question["type"]](question, answer)
    return kept


def _text(question: Question, answer: object) -> str:
    if not isinstance(answer, str):
        raise _wrong(question, "answer with text")
    if len(answer) > MAX_ANSWER_LENGTH:
        raise _wrong(question, f"answer with at most {MAX_ANSWER_LENGTH} characters")
    answer = answer.replace("\r\n", "\n")
    if any(category(char) == "Cc" and char not in "\n\t" for char in answer):
        raise _wrong(question, "leave out control characters")
    return answer


def _choice(question: Question, answer: object) -> str:
    if answer not in question["options"]:
        raise _wrong(question, f"choose one of {_listed(question)}")
    return str(answer)


def _checkbox(question: Question, answer: object) -> bool | list[str]:
    if not question["options"]:
        if not isinstance(answer, bool):
            raise _wrong(question, "answer with true or false")
        return answer
    chosen = answer if isinstance(answer, list) else [answer]
    if any(choice not in question["options"] for choice in chosen):
        raise _wrong(question, f"choose among {_listed(question)}")
    return [option for option in question["options"] if option in chosen]


def _phone(question: Question, answer: object) -> str:
    if not isinstance(answer, str) or not _PHONE.fullmatch(answer):
        raise _wrong(question, "answer with a phone number, such as +1 555 0100")
    return answer


def _email(question: Question, answer: object) -> str:
    try:
        return validate_email(str(answer), check_deliverability=False).normalized
    except EmailNotValidError:
        raise _wrong(question, "answer with an e-mail address") from None


def _number(question: Question, answer: object) -> int | float:
    if isinstance(answer, int | float) and not isinstance(answer, bool):
        return answer
    try:
        number = float(str(answer)) if isinstance(answer, str) else math.nan
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _wrong(question, "answer with a number")
    return int(number) if number.is_integer() and abs(number) <= _MAX_WHOLE else number


_CHECKS: dict[str, Callable[[Question, object], Any]] = {
    "text": _text,
    "textarea": _text,
    "select": _choice,
    "radio": _choice,
    "checkbox": _checkbox,
    "phone": _phone,
    "email": _email,
    "number": _number,
}

QUESTION_TYPES = tuple(_CHECKS)


def _listed(question: Question) -> str:
    return ", ".join(f"'{option}'" for option in question["options"])


def _wrong(question: Question, what: str) -> InvalidInput:
    return InvalidInput(f"answers.{question['id']}: {what} ({question['label']}).")
