"""
Custom questions: what counts as an answer, and how it is kept.
"""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calendo.errors import InvalidInput
from calendo.ops.questions import MAX_ANSWER_LENGTH, QUESTION_TYPES, check_answers

SIZES = ("S", "M", "L")


def question(kind: str, *, required: bool = False, options: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"id": "q", "label": "How", "type": kind, "required": required, "options": list(options)}


def kept(kind: str, answer: object, **more: Any) -> object:
    return check_answers([question(kind, **more)], {"q": answer})["q"]


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        ("text", "  Berlin ", "Berlin"),
        ("textarea", "one\ntwo", "one\ntwo"),
        ("text", "x" * MAX_ANSWER_LENGTH, "x" * MAX_ANSWER_LENGTH),
        ("phone", "+1 (555) 01-00", "+1 (555) 01-00"),
        ("phone", "112", "112"),
        ("email", "ada@EXAMPLE.com", "ada@example.com"),
        ("number", 7, 7),
        ("number", -2.5, -2.5),
        ("number", 0, 0),
        ("number", 0.0, 0.0),
        ("number", " 12 ", 12),
        ("number", "12.0", 12),
        ("number", "2.5e3", 2500),
        ("number", "-0.5", -0.5),
        ("number", "1e30", 1e30),
        ("number", str(2**53), 2**53),
        ("checkbox", True, True),
        ("checkbox", False, False),
    ],
)
def test_a_fitting_answer_is_kept(kind: str, answer: object, expected: object) -> None:
    """
    Answers are kept without spaces around them, numbers as numbers.
    """
    assert expected == kept(kind, answer)
    assert type(expected) is type(kept(kind, answer))


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        ("select", "M", "M"),
        ("select", " M ", "M"),
        ("radio", "S", "S"),
        ("checkbox", "L", ["L"]),
        ("checkbox", ["L", "S"], ["S", "L"]),
        ("checkbox", ["M", "M"], ["M"]),
    ],
)
def test_a_choice_is_one_of_the_options(kind: str, answer: object, expected: object) -> None:
    """
    Choices are kept as the options have them, in their order and once each.
    """
    assert expected == kept(kind, answer, options=SIZES)


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("text", 7),
        ("text", ["a"]),
        ("text", {"a": 1}),
        ("text", True),
        ("textarea", "x" * (MAX_ANSWER_LENGTH + 1)),
        ("phone", "12"),
        ("phone", "call me"),
        ("phone", "+1 555 0100 ext 7"),
        ("phone", "\N{ARABIC-INDIC DIGIT ONE}" * 7),
        ("phone", 5550100),
        ("email", "ada"),
        ("email", "ada@"),
        ("email", "ada@example.com, bob@example.com"),
        ("email", 7),
        ("number", "seven"),
        ("number", "inf"),
        ("number", "nan"),
        ("number", "1e999"),
        ("number", True),
        ("number", [7]),
        ("checkbox", "yes"),
        ("checkbox", 1),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(kind: str, answer: object) -> None:
    """
    The refusal names the question by id and label.
    """
    with pytest.raises(InvalidInput, match=r"^answers\.q: .* \(How\)\.$"):
        check_answers([question(kind)], {"q": answer})


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("select", "XL"),
        ("select", "m"),
        ("select", ["M"]),
        ("radio", 1),
        ("radio", {"M": 1}),
        ("checkbox", ["M", "XL"]),
        ("checkbox", [["M"]]),
        ("checkbox", True),
    ],
)
def test_a_choice_that_is_no_option_is_refused(kind: str, answer: object) -> None:
    """
    The refusal lists the options.
    """
    with pytest.raises(InvalidInput, match="'S', 'M', 'L'"):
        check_answers([question(kind, options=SIZES)], {"q": answer})


@pytest.mark.parametrize("kind", QUESTION_TYPES)
@pytest.mark.parametrize("answers", [{}, {"q": None}, {"q": ""}, {"q": "  "}, {"q": []}])
def test_no_answer_is_fine_unless_one_is_required(kind: str, answers: dict[str, object]) -> None:
    """
    Blank answers count as none: left out where they may be, refused where they may not.
    """
    options = SIZES if kind in {"select", "radio"} else ()

    assert {} == check_answers([question(kind, options=options)], answers)
    with pytest.raises(InvalidInput, match=r"answers\.q: please answer"):
        check_answers([question(kind, options=options, required=True)], answers)


def test_a_box_that_must_be_ticked_must_be_ticked() -> None:
    """
    False is an answer to a checkbox, but not to a required one.
    """
    assert {"q": False} == check_answers([question("checkbox")], {"q": False})
    assert {"q": True} == check_answers([question("checkbox", required=True)], {"q": True})
    with pytest.raises(InvalidInput, match="please answer"):
        check_answers([question("checkbox", required=True)], {"q": False})


def test_zero_is_an_answer() -> None:
    """
    To Python 0 equals False, to a host it is a number.
    """
    assert {"q": 0} == check_answers([question("number", required=True)], {"q": 0})


def test_an_answer_to_no_question_is_refused() -> None:
    """
    Unknown ids are named, the first of them in order.
    """
    with pytest.raises(InvalidInput, match=r"^answers\.a: this event type has no such question\.$"):
        check_answers([question("text")], {"q": "x", "b": "y", "a": "z"})


def test_answers_are_kept_in_the_order_of_the_questions() -> None:
    """
    However an invitee sends them, answers stand in the host's order.
    """
    questions = [question("text") | {"id": name} for name in ("c", "a", "b")]

    assert ["c", "a", "b"] == list(check_answers(questions, {"a": "1", "b": "2", "c": "3"}))


numbers = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)


@given(st.sampled_from(QUESTION_TYPES), st.text() | numbers | numbers.map(str) | st.integers().map(str))
def test_what_is_kept_can_be_listed(kind: str, answer: object) -> None:
    """
    Whatever an invitee sends, what is kept of it can be written as JSON when the host asks.
    """
    try:
        answers = check_answers([question(kind)], {"q": answer})
    except InvalidInput:
        return
    orjson.dumps(answers)


def test_text_keeps_its_lines_and_nothing_that_controls() -> None:
    """
    Line ends become one kind; what could write into a header or a terminal is refused.
    """
    asked = [{"id": "q", "label": "Q", "type": "textarea", "required": False, "options": []}]

    assert {"q": "a\nb"} == check_answers(asked, {"q": "a\r\nb"})
    for hostile in ("a\rb", "a\x1b[31m", "a\x00b"):
        with pytest.raises(InvalidInput, match="control characters"):
            check_answers(asked, {"q": hostile})
