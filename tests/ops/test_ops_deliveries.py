"""
Deliveries: taken with a lease, four at a time, finished once, and never lost.
"""

from threading import Barrier, Thread

import pytest
from sqlalchemy import select, update

from calendo.core.instants import DAY, HOUR, MINUTE
from calendo.db.engine import Database
from calendo.db.models import Delivery, Message, WebhookEndpoint
from calendo.ops import deliveries, outbox
from calendo.ops.deliveries import INTERRUPTED, SWITCHED_OFF, Claimed, Outcome
from ops.making import NOW, make_booking, make_host, make_type
from ops.sending import (
    OK,
    REFUSED,
    VAULT,
    claim,
    endpoint,
    finish,
    found,
    log,
    make_endpoint,
    queue,
)

HOPELESS = 5 * DAY


def lanes(claims: list[Claimed]) -> dict[int, int]:
    """
    Count what was claimed of each lane.
    """
    return {lane: sum(each.lane == lane for each in claims) for lane in {each.lane for each in claims}}


def test_a_claim_has_all_that_sending_a_webhook_takes(db: Database) -> None:
    """
    Address, secrets, payload and the message's name come with the claim; a former secret while it signs.
    """
    with db.write() as tx:
        host = make_host(tx)
        first = make_endpoint(tx, 1, host_id=host.id)
        second = make_endpoint(tx, 1, host_id=host.id)
        for id_, until_ts in ((first, NOW + 1), (second, NOW)):
            row = tx.get_one(WebhookEndpoint, id_)
            row.former_secret_encrypted, row.former_secret_until_ts = "former", until_ts
        messages = {row.id: row for row in tx.scalars(select(Message))}

    one, two = sorted(claim(db), key=lambda each: each.id)

    message = messages[found(db)[0].message_id]
    assert (message.uid, "booking.created", "{}", NOW) == (
        one.message_uid,
        one.topic,
        one.payload,
        one.created_ts,
    )
    assert ("https://example.com/hook", first, 1) == (one.url, one.lane, one.claim)
    assert "secret" == VAULT.decrypt(one.secret_encrypted or "")
    assert ("former", None) == (one.former_secret_encrypted, two.former_secret_encrypted)
    assert (None, None, None) == (one.recipient, one.facts, one.link_counter)


def test_a_claim_has_all_that_sending_a_mail_takes(db: Database) -> None:
    """
    A mail's claim says to whom, about what, and with which of the booking's links.
    """
    with db.write() as tx:
        booking = make_booking(tx, make_type(tx, make_host(tx).id))
        booking.link_counter = 3

    claims = claim(db)

    assert ["invitee", "host"] == [each.recipient for each in claims]
    assert {(outbox.MAIL_LANE, None, 3)} == {(each.lane, each.url, each.link_counter) for each in claims}
    assert {booking.uid} == {each.facts["uid"] for each in claims if each.facts}


def test_what_is_delivered_is_done(db: Database) -> None:
    """
    A delivery that arrived has its attempt in the log, and is never due again.
    """
    with db.write() as tx:
        make_endpoint(tx, 1)

    assert [] == finish(db, claim(db), OK)

    (row,), (line,) = found(db), log(db)
    assert ("delivered", 1, NOW + 1) == (row.status, row.attempts, row.finished_ts)
    assert (row.id, NOW, 1000, 200, None, "thanks") == (
        line.delivery_id,
        line.started_ts,
        line.duration_ms,
        line.status_code,
        line.error,
        line.answer,
    )
    assert [] == claim(db, NOW + DAY)


def test_a_failed_delivery_is_tried_four_times(db: Database) -> None:
    """
    Retries are due 1, 5 and 30 minutes after the attempt before them ended, not a second earlier.
    """
    with db.write() as tx:
        make_endpoint(tx, 1)
    now = NOW
    given_up = []
    for delay in (0, MINUTE, 5 * MINUTE, 30 * MINUTE):
        if delay:
            assert [] == claim(db, now + delay - 1)
        now += delay
        claims = claim(db, now)
        assert 1 == len(claims)
        now += 3
        given_up.append(len(finish(db, claims, REFUSED, now)))

    (row,) = found(db)
    assert [0, 0, 0, 1] == given_up
    assert ("failed", 4, now) == (row.status, row.attempts, row.finished_ts)
    assert ["The endpoint answered 500."] * 4 == [line.error for line in log(db)]
    assert [] == claim(db, now + DAY)


def test_a_final_failure_is_not_tried_again(db: Database) -> None:
    """
    Where a further attempt makes no sense none is made.
    """
    with db.write() as tx:
        make_endpoint(tx, 1)

    given_up = finish(db, claim(db), Outcome(error="no way", is_final=True))

    assert ["no way"] == [each.outcome.error for each in given_up]
    assert ["failed"] == [row.status for row in found(db)]


def test_four_of_a_lane_are_in_flight_and_the_oldest_come_first(db: Database) -> None:
    """
    A second worker gets nothing of a lane that has four in flight, and as much as finishes after that.
    """
    with db.write() as tx:
        make_endpoint(tx, 9)

    first = claim(db)
    assert [1, 2, 3, 4] == [each.id for each in first]
    with db.quick() as query:
        assert not deliveries.is_due(query, NOW)
    assert [] == claim(db)
    finish(db, first[:2], OK)

    assert [5, 6] == [each.id for each in claim(db)]


def test_a_lease_that_ran_out_is_taken_up(db: Database) -> None:
    """
    What a worker that died was sending is due again after 30 s, does not count, and shows in the log.
    """
    with db.write() as tx:
        make_endpoint(tx, 1)
    (lost,) = claim(db, NOW)

    assert [] == claim(db, NOW + 29)
    (again,) = claim(db, NOW + 30)

    assert (lost.id, lost.claim + 1) == (again.id, again.claim)
    assert [(NOW, INTERRUPTED, None)] == [(line.started_ts, line.error, line.status_code) for line in log(db)]
    assert [0] == [row.attempts for row in found(db)]


def test_a_late_writer_changes_nothing(db: Database) -> None:
    """
    Of a worker that was thought dead no result counts, neither for the delivery nor for its endpoint.
    """
    with db.write() as tx:
        make_endpoint(tx, 1)
    late = claim(db, NOW)
    present = claim(db, NOW + 30)

    assert [] == finish(db, late, REFUSED, NOW + 31)
    assert [("sending", 0)] == [(row.status, row.attempts) for row in found(db)]
    assert endpoint(db, present[0].lane).failing_since_ts is None
    finish(db, present, OK, NOW + 32)
    finish(db, late, REFUSED, NOW + 33)
    with db.write() as tx:
        deliveries.release(tx, late, NOW + 34)

    assert [("delivered", 1)] == [(row.status, row.attempts) for row in found(db)]
    assert [INTERRUPTED, None] == [line.error for line in log(db)]


def test_a_late_result_counts_while_nobody_else_took_the_delivery(db: Database) -> None:
    """
    A lease that ran out is no reason to send again what has arrived.
    """
    with db.write() as tx:
        make_endpoint(tx, 1)

    finish(db, claim(db, NOW), OK, NOW + 40)

    assert ["delivered"] == [row.status for row in found(db)]


def test_what_is_given_back_is_due_at_once(db: Database) -> None:
    """
    A worker that ends gives back what it could not finish; that does not count as an attempt.
    """
    with db.write() as tx:
        make_endpoint(tx, 1)
    claims = claim(db)
    with db.write() as tx:
        deliveries.release(tx, claims, NOW + 5)

    (again,) = claim(db, NOW + 5)

    assert (2, 0) == (again.claim, again.attempts)
    assert [INTERRUPTED] == [line.error for line in log(db)]


def test_lanes_with_nothing_in_flight_have_places_of_their_own(db: Database) -> None:
    """
    Hanging endpoints take half of a worker's room at most, beyond one delivery each.
    """
    with db.write() as tx:
        hanging = [make_endpoint(tx, 9) for _ in range(3)]
    assert {hanging[0]: 2, hanging[1]: 1, hanging[2]: 1} == lanes(claim(db, room=8, kept=4))
    with db.write() as tx:
        healthy = make_endpoint(tx, 9)

    assert {healthy: 1} == lanes(claim(db, room=4, kept=4))
    assert {hanging[0]: 2, hanging[1]: 1} == lanes(claim(db, room=3, kept=0))
    assert [] == claim(db, room=0)


def test_a_long_backlog_does_not_keep_others_waiting(db: Database) -> None:
    """
    However much waits in one lane, each other gets its turn in the same claim.
    """
    with db.write() as tx:
        backlog = make_endpoint(tx, 200)
        others = [make_endpoint(tx, 1) for _ in range(3)]

    assert {backlog: 4, **dict.fromkeys(others, 1)} == lanes(claim(db))


def test_an_endpoint_that_is_gone_is_switched_off(db: Database) -> None:
    """
    410 ends all that waits for an endpoint, and its host is told by mail.
    """
    with db.write() as tx:
        id_ = make_endpoint(tx, 6)
    (first, *rest) = claim(db)

    finish(db, [first], Outcome(status_code=410, error="gone", is_final=True))

    row = endpoint(db, id_)
    assert (False, "It answered 410 Gone.") == (row.is_active, row.switched_off_reason)
    assert ["failed"] + ["sending"] * 3 + ["failed"] * 2 + ["pending"] == [each.status for each in found(db)]
    assert ["gone", SWITCHED_OFF, SWITCHED_OFF] == [line.error for line in log(db)]
    with db.read() as tx:
        (notice,) = tx.scalars(select(Message).where(Message.topic == "webhook.switched_off"))
        assert "It answered 410 Gone." == (notice.facts or {})["why"]

    finish(db, rest[:1], OK)
    assert 1 == len(finish(db, rest[1:2], REFUSED))
    assert ["host"] == [each.recipient for each in claim(db, NOW + 40)]
    assert {"failed": 5, "delivered": 1, "sending": 1} == statuses(db)


def statuses(db: Database) -> dict[str, int]:
    """
    Count deliveries by status.
    """
    rows = [row.status for row in found(db)]
    return {status: rows.count(status) for status in rows}


@pytest.mark.parametrize(("since", "is_active"), [(HOPELESS - 1, True), (HOPELESS, False)])
def test_five_days_of_failures_switch_an_endpoint_off(db: Database, since: int, is_active: bool) -> None:
    """
    Five days after the first failure, with no success in between, one more switches the endpoint off.
    """
    with db.write() as tx:
        id_ = make_endpoint(tx, 2)
    first, second = claim(db)
    finish(db, [first], REFUSED, NOW)
    assert NOW == endpoint(db, id_).failing_since_ts

    finish(db, [second], REFUSED, NOW + since)

    row = endpoint(db, id_)
    assert is_active == row.is_active
    reason = None if is_active else "For five days there were nothing but failures."
    assert (reason, NOW) == (row.switched_off_reason, row.failing_since_ts)
    assert {"failed": 2, "pending": 1} if not is_active else {"pending": 2} == statuses(db)


def test_a_success_starts_the_count_of_failures_anew(db: Database) -> None:
    """
    What was a failure before a success does not count, in whatever order results are written.
    """
    with db.write() as tx:
        id_ = make_endpoint(tx, 3)
    finish(db, claim(db)[:1], REFUSED, NOW)
    claims = claim(db, NOW + 60)
    assert [True] * len(claims) == [each.is_failing for each in claims]
    finish(db, claims[:1], OK, NOW + 61)

    assert endpoint(db, id_).failing_since_ts is None


def test_switching_off_by_hand_ends_what_is_open(db: Database) -> None:
    """
    Also what is written while it happens, or comes back from a worker that died.
    """
    with db.write() as tx:
        id_ = make_endpoint(tx, 6)
    claim(db)
    with db.write() as tx:
        row = tx.get_one(WebhookEndpoint, id_)
        row.is_active = False
        tx.flush()
        assert 2 == deliveries.end_open(tx, row, NOW)
        queue(tx, row, 1)
    assert {"sending": 4, "failed": 2, "pending": 1} == statuses(db)

    assert [] == claim(db, NOW + 30)

    assert {"failed": 7} == statuses(db)
    assert [SWITCHED_OFF] * 7 == [line.error for line in log(db)]


def test_what_an_endpoint_answers_cannot_be_in_the_way(db: Database) -> None:
    """
    Characters that a database does not take are replaced.
    """
    with db.write() as tx:
        make_endpoint(tx, 1)

    finish(db, claim(db), Outcome(status_code=500, error="a\0b", answer="c\ud800d\0"))

    assert [("a\N{REPLACEMENT CHARACTER}b", "c?d\N{REPLACEMENT CHARACTER}")] == [
        (line.error, line.answer) for line in log(db)
    ]


def test_nothing_to_finish_is_nothing_to_do(db: Database) -> None:
    """
    Without results nothing is written.
    """
    with db.write() as tx:
        assert [] == deliveries.finish(tx, [], NOW)


def test_workers_that_claim_at_once_share(db: Database) -> None:
    """
    Eight workers in one instant get four of a lane between them, each delivery once.
    """
    with db.write() as tx:
        make_endpoint(tx, 50)
    start = Barrier(8)
    taken: list[Claimed] = []

    def work() -> None:
        start.wait()
        taken.extend(claim(db))

    workers = [Thread(target=work) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [1, 2, 3, 4] == sorted(each.id for each in taken)


def test_old_messages_are_pruned_with_all_that_hangs_on_them(db: Database) -> None:
    """
    After 30 days a message goes, with its deliveries and attempts; one that is on its way stays.
    """
    with db.write() as tx:
        make_endpoint(tx, 3)
    done, failing, _waiting = claim(db)
    finish(db, [done], OK)
    finish(db, [failing], Outcome(error="no way", is_final=True))
    limit = NOW + 30 * DAY

    with db.write() as tx:
        assert 0 == deliveries.prune(tx, limit)
        assert 2 == deliveries.prune(tx, limit + 1)

    assert [3] == [row.id for row in found(db)]
    assert [] == log(db)
    with db.write() as tx:
        tx.execute(update(Delivery).values(status="failed"))
        assert 1 == deliveries.prune(tx, limit + HOUR)


def test_what_a_dead_worker_held_comes_before_what_waits(db: Database) -> None:
    """
    A delivery that was taken once does not queue again behind its lane's backlog.
    """
    with db.write() as tx:
        make_endpoint(tx, 20)
    lost = claim(db, NOW)

    assert [each.id for each in lost] == [each.id for each in claim(db, NOW + 30)]


def test_a_lane_with_what_a_dead_worker_held_comes_before_older_lanes(db: Database) -> None:
    """
    However long the others have waited, and however little room there is.
    """
    with db.write() as tx:
        interrupted = make_endpoint(tx, 1)
    (held,) = claim(db)
    with db.write() as tx:
        make_endpoint(tx, 50)

    (first,) = claim(db, NOW + deliveries.LEASE_SECONDS, room=1)

    assert (interrupted, held.id) == (first.lane, first.id)
