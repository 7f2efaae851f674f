"""What Trakt's answers mean for a debt."""

import pytest

from watchd.clock import parse_iso
from watchd.errors import LoginRequired, UpstreamError, UpstreamRefusal, UpstreamUnreachable
from watchd.model.relay import Verb
from watchd.rules.verdict import Kind, of_answer, of_error

AT = "2026-11-20T20:57:00.000Z"
HTML = "text/html; charset=UTF-8"
LATER, HELD, DEAD = Kind.LATER, Kind.HELD, Kind.DEAD
STATUSES = {
    302: LATER,
    400: DEAD,
    401: HELD,
    403: HELD,
    404: Kind.UNIDENTIFIED,
    405: DEAD,
    408: LATER,
    412: DEAD,
    420: HELD,
    422: DEAD,
    423: HELD,
    426: HELD,
    429: LATER,
    500: LATER,
    502: LATER,
    503: LATER,
    504: LATER,
    520: LATER,
    521: LATER,
    522: LATER,
}


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("status", STATUSES)
def test_a_refusal_by_its_status(status: int, verb: Verb) -> None:
    found = of_error(verb, UpstreamRefusal(status, body="why"))
    assert (found.kind, found.status, found.body if found.kind is DEAD else "why") == (STATUSES[status], status, "why")
    assert found.reason


@pytest.mark.parametrize("status", STATUSES)
def test_the_work_may_have_been_done_behind_a_timeout_or_a_failure_alone(status: int) -> None:
    found = of_error(Verb.WATCHED, UpstreamRefusal(status))
    assert found.maybe_done is (status in (302, 408) or status >= 500)


@pytest.mark.parametrize("status", [403, 429])
def test_a_page_of_the_proxy_is_no_answer_of_trakt(status: int) -> None:
    found = of_error(Verb.WATCHED, UpstreamRefusal(status, content_type=HTML))
    assert (found.kind, found.maybe_done, found.retry_after) == (LATER, False, 60)
    assert of_error(Verb.WATCHED, UpstreamRefusal(status, content_type=HTML, retry_after=7)).retry_after == 7


def test_a_wait_trakt_asks_for_is_kept() -> None:
    assert of_error(Verb.START, UpstreamRefusal(429, retry_after=12)).retry_after == 12
    assert of_error(Verb.START, UpstreamRefusal(503, retry_after=30)).retry_after == 30


@pytest.mark.parametrize("status", [401, 403, 420, 423, 426])
def test_a_held_account_is_told_the_mend(status: int) -> None:
    assert str(status) in of_error(Verb.WATCHED, UpstreamRefusal(status)).reason or status == 401
    assert len(of_error(Verb.WATCHED, UpstreamRefusal(status)).reason) > 10


def test_without_tokens_the_account_is_held_until_a_login() -> None:
    found = of_error(Verb.WATCHED, LoginRequired("no tokens"))
    assert (found.kind, found.status, found.maybe_done) == (HELD, 401, False)
    assert "watchd login" in found.reason


@pytest.mark.parametrize("maybe_done", [False, True])
def test_a_broken_connection_is_tried_later_and_remembered_as_it_broke(maybe_done: bool) -> None:
    found = of_error(Verb.WATCHED, UpstreamUnreachable("broken", maybe_done=maybe_done))
    assert (found.kind, found.maybe_done) == (LATER, maybe_done)


def test_an_unnamed_trouble_may_have_done_the_work() -> None:
    found = of_error(Verb.WATCHED, UpstreamError("odd"))
    assert (found.kind, found.maybe_done) == (LATER, True)


@pytest.mark.parametrize(
    "verb, kind",
    [
        (Verb.WATCHED, Kind.CONFLICT),
        (Verb.CHECKIN, Kind.WAIT),
        (Verb.START, Kind.DELIVERED),
        (Verb.PAUSE, Kind.DELIVERED),
        (Verb.STOP, Kind.DELIVERED),
        (Verb.UNCHECKIN, Kind.DELIVERED),
    ],
)
def test_a_conflict_by_its_verb(verb: Verb, kind: Kind) -> None:
    found = of_error(verb, UpstreamRefusal(409), {"watched_at": AT, "expires_at": AT})
    assert found.kind is kind
    assert found.watched_at == (parse_iso(AT) if verb is Verb.WATCHED else None)
    assert found.until == (parse_iso(AT) if kind in (Kind.WAIT, Kind.CONFLICT) else None)


@pytest.mark.parametrize("body", [None, [], "x", {}, {"watched_at": None}, {"watched_at": 5}, {"watched_at": "soon"}])
def test_a_conflict_that_says_nothing_useful_is_still_one(body: object) -> None:
    found = of_error(Verb.WATCHED, UpstreamRefusal(409), body)
    assert (found.kind, found.watched_at, found.until) == (Kind.CONFLICT, None, None)


STOP, HISTORY = "scrobble/stop", "sync/history"
ANSWERS = [
    (Verb.WATCHED, STOP, {"action": "scrobble", "id": 12}, Kind.DELIVERED, False),
    (Verb.WATCHED, STOP, {"action": "scrobble", "id": 0}, LATER, True),
    (Verb.WATCHED, STOP, {"action": "scrobble"}, LATER, True),
    (Verb.WATCHED, STOP, {"action": "pause", "id": 0}, Kind.BY_HISTORY, False),
    (Verb.WATCHED, STOP, {}, LATER, True),
    (Verb.WATCHED, STOP, None, LATER, True),
    (Verb.WATCHED, STOP, ["odd"], LATER, True),
    (Verb.WATCHED, HISTORY, {"added": {"movies": 1, "episodes": 0}}, Kind.DELIVERED, False),
    (Verb.WATCHED, HISTORY, {"added": {"movies": 0, "episodes": 1}}, Kind.DELIVERED, False),
    (
        Verb.WATCHED,
        HISTORY,
        {"added": {"movies": 0, "episodes": 0}, "not_found": {"movies": [{"ids": {}}], "episodes": []}},
        Kind.UNIDENTIFIED,
        False,
    ),
    (
        Verb.WATCHED,
        HISTORY,
        {"added": {"movies": 0, "episodes": 0}, "not_found": {"movies": [], "episodes": []}},
        LATER,
        True,
    ),
    (Verb.WATCHED, HISTORY, {}, LATER, True),
    (Verb.START, "scrobble/start", {"action": "start", "id": 0}, Kind.DELIVERED, False),
    (Verb.PAUSE, STOP, {"action": "pause", "id": 0}, Kind.DELIVERED, False),
    (Verb.STOP, STOP, {"action": "pause", "id": 0}, Kind.DELIVERED, False),
    (Verb.CHECKIN, "checkin", {"id": 3, "watched_at": AT}, Kind.DELIVERED, False),
    (Verb.UNCHECKIN, "checkin/delete", None, Kind.DELIVERED, False),
]


@pytest.mark.parametrize("verb, sent_as, data, kind, maybe_done", ANSWERS)
def test_delivered_means_in_the_history(verb: Verb, sent_as: str, data: object, kind: Kind, maybe_done: bool) -> None:
    found = of_answer(verb, sent_as, 201, data)
    assert (found.kind, found.maybe_done, found.status) == (kind, maybe_done, 201)


def test_the_id_of_the_row_is_kept() -> None:
    assert of_answer(Verb.WATCHED, STOP, 201, {"action": "scrobble", "id": 12}).history_id == 12
    assert of_answer(Verb.WATCHED, HISTORY, 201, {"added": {"movies": 1}}).history_id is None
