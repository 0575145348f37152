"""
Custom questions: an invitee's answers are checked, and kept in one form.
"""

from typing import Any

from steps import book, invitee, offer, wanted

from conftest import Host


def question(type_: str, *, required: bool = False, **more: Any) -> dict[str, Any]:
    """
    A question with the id ``q``.
    """
    return {"id": "q", "label": "Which one?", "type": type_, "required": required, **more}


def ask(host: Host, *questions: dict[str, Any]) -> None:
    """
    Make a type that asks these questions.
    """
    offer(host, questions=list(questions))


def refusal(host: Host, answers: Any) -> str:
    """
    Book with answers that are wrong, and return what is said about them.
    """
    body = wanted("09:00", answers=answers)
    return str(invitee(host).expect(400, "POST", f"/book/{host.slug}/call", body)["error"])


COLORS = {"options": ["Red", "Green"]}
KEPT: list[tuple[dict[str, Any], Any, Any]] = [
    (question("text"), "  Acme\t", "Acme"),
    (question("text"), "Zoë 李", "Zoë 李"),
    (question("textarea"), "One\nTwo", "One\nTwo"),
    (question("textarea"), "x" * 5000, "x" * 5000),
    (question("select", **COLORS), "Red", "Red"),
    (question("select", **COLORS), " Red ", "Red"),
    (question("radio", **COLORS), "Green", "Green"),
    (question("checkbox"), True, True),
    (question("checkbox"), False, False),
    (question("checkbox", **COLORS), ["Green", "Red"], ["Red", "Green"]),
    (question("checkbox", **COLORS), ["Red", "Red"], ["Red"]),
    (question("checkbox", **COLORS), "Red", ["Red"]),
    (question("phone"), "+49 (0)30 1234-567", "+49 (0)30 1234-567"),
    (question("phone"), "555.0100", "555.0100"),
    (question("email"), " Bob@Example.COM ", "Bob@example.com"),
    (question("number"), 0, 0),
    (question("number"), -2.5, -2.5),
    (question("number"), "42", 42),
    (question("number"), "4.5", 4.5),
]


def test_an_answer_is_kept_as_its_type_has_it(host: Host) -> None:
    """
    Trimmed, options in the host's order, numbers as numbers.
    """
    made = offer(host, duration_minutes=15)
    for number, (asked, answer, kept) in enumerate(KEPT):
        host.put(f"/event-types/{made['id']}", {"questions": [{**asked, "required": answer is not False}]})

        booking = book(host, f"{9 + number // 4:02}:{number % 4 * 15:02}", answers={"q": answer})

        assert {"q": kept} == booking["answers"]
        assert type(kept) is type(booking["answers"]["q"])


WRONG: list[tuple[dict[str, Any], list[Any]]] = [
    (question("text"), [5, True, ["Acme"], {"a": 1}, "x" * 5001]),
    (question("textarea"), [5, "x" * 5001]),
    (question("select", **COLORS), ["Blue", "red", 5, ["Red"], {"Red": True}]),
    (question("radio", **COLORS), ["Blue", True, ["Red"]]),
    (question("checkbox"), ["yes", 1, ["on"]]),
    (question("checkbox", **COLORS), [True, ["Blue"], ["Red", "Blue"], [["Red"]], "Blue", {"Red": True}]),
    (question("phone"), ["call me", "+", "12", 5550100, "+1 555 0100 ext. 5", "١٢٣٤٥٦"]),
    (question("email"), ["bob", "bob@", "bob@example", 5, ["bob@example.com"]]),
    (question("number"), ["many", "nan", "inf", "-inf", "1e999", "0x10", True, [4], "4,5"]),
]


def test_an_answer_that_does_not_fit_is_refused(host: Host) -> None:
    """
    The error names the question by id and by label, and nothing is booked.
    """
    made = offer(host)
    for asked, wrong in WRONG:
        host.put(f"/event-types/{made['id']}", {"questions": [asked]})
        for answer in wrong:
            error = refusal(host, {"q": answer})

            assert error.startswith("answers.q: "), (asked, answer)
            assert "Which one?" in error
    assert [] == host.get("/bookings")


def test_a_required_answer_is_required(host: Host) -> None:
    """
    Missing, null, empty, blank; and a box that has to be ticked and is not.
    """
    made = offer(host)
    for asked, _ in WRONG:
        host.put(f"/event-types/{made['id']}", {"questions": [{**asked, "required": True}]})

        assert "answers.q: please answer this question (Which one?)." == refusal(host, {})
        empty: list[Any] = [None, "", "  ", []]
        for answer in [*empty, False] if asked == question("checkbox") else empty:
            assert "please answer" in refusal(host, {"q": answer}), (asked, answer)
    answer = invitee(host).expect(400, "POST", f"/book/{host.slug}/call", wanted("09:00"))
    assert "please answer" in answer["error"]


def test_an_optional_answer_can_be_left_empty(host: Host) -> None:
    """
    What is empty is not kept.
    """
    asked = [{**row[0], "id": f"q{number}"} for number, row in enumerate(WRONG)]
    ask(host, *asked)

    assert {} == book(host, "09:00", answers={})["answers"]
    for number, empty in enumerate([None, "", " ", []]):
        answers = {row["id"]: empty for row in asked}
        assert {} == book(host, f"{10 + number}:00", answers=answers)["answers"]


def test_an_unknown_question_is_named(host: Host) -> None:
    """
    An answer that nobody asked for is a mistake, also where nothing is asked at all.
    """
    ask(host, question("text"))
    offer(host, slug="quiet")

    assert refusal(host, {"q": "Yes", "color": "Red"}).startswith("answers.color: ")
    body = wanted("09:00", answers={"color": "Red"})
    error = invitee(host).expect(400, "POST", f"/book/{host.slug}/quiet", body)["error"]
    assert error.startswith("answers.color: ")


def test_answers_are_checked_before_the_time(host: Host) -> None:
    """
    A form with a mistake is told so, whether its time is still free or not.
    """
    ask(host, question("text", required=True))
    book(host, "09:00", answers={"q": "Yes"})

    assert refusal(host, {}).startswith("answers.q: ")


def test_old_answers_outlive_their_question(host: Host) -> None:
    """
    Changing the questions changes no booking, and moving a booking asks nothing anew.
    """
    ask(host, question("text"))
    booking = book(host, "09:00", answers={"q": "Yes"})
    (made,) = host.get("/event-types")

    host.put(f"/event-types/{made['id']}", {"questions": [{"id": "new", "label": "New?", "required": True}]})
    host.post(f"/bookings/{booking['id']}/reschedule", {"start_time": "2026-03-02T10:00:00Z"})

    assert {"q": "Yes"} == host.get(f"/bookings/{booking['id']}")["answers"]


def test_the_invitee_reads_the_answers_back(host: Host) -> None:
    """
    The 201 has them as they were kept.
    """
    ask(host, question("number"))

    answer = invitee(host).post(f"/book/{host.slug}/call", wanted("09:00", answers={"q": "7"}))

    assert {"q": 7} == answer["booking"]["answers"]
