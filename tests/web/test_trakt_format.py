"""Calls in Trakt's format, answered as Trakt answers them."""

import pytest

from tests.web.conftest import Enter
from tests.web.fakes import HOOK, House, bearer
from watchd.clock import MINUTE, iso
from watchd.errors import StoreUnavailable
from watchd.model.media import Episode, Media, MediaIds, Movie, Show
from watchd.model.playback import Action, Ignored, IgnoreReason, Origin, Play, PlaybackEvent, PlayState
from watchd.model.receipts import Fate, Receipt, Step
from watchd.rules.household import Household, Member

AUTH = bearer(HOOK) | {"trakt-api-version": "2", "trakt-api-key": "whatever"}
NOW = 1_790_000_000_000
RAN = Movie("Ran", 1985, MediaIds(trakt=500, slug="ran-1985", imdb="tt0089881", tmdb=11645))
DARK = Episode(Show("Dark", 2017, MediaIds(trakt=117, tvdb=334824)), 1, 2, title="Lies", ids=MediaIds(tmdb=1416121))
MOVIE = {"movie": {"title": "Ran", "year": 1985}}
NO_SHARING = {"twitter": False, "mastodon": False, "tumblr": False}


def a_play(
    media: Media = RAN, *, watched_at: int | None = None, progress: float | None = None, runtime: float | None = None
) -> Play:
    return Play(
        9,
        1,
        3,
        media,
        PlayState.STOPPED,
        Origin.HOOK,
        "trakt",
        "",
        NOW,
        NOW,
        progress=progress,
        watched_at=watched_at,
        runtime=runtime,
    )


async def test_a_start_is_answered_with_the_item(house: House, enter: Enter) -> None:
    client = await enter()
    house.recording.answers = [Receipt(1, Fate.ACCEPTED, step=Step.STARTED, play=a_play())]
    answer = await client.post("/trakt/scrobble/start", json=MOVIE | {"progress": 10}, headers=AUTH)
    assert answer.status == 201
    ids = {"trakt": 500, "slug": "ran-1985", "imdb": "tt0089881", "tmdb": 11645}
    movie = {"title": "Ran", "year": 1985, "ids": ids}
    assert await answer.json() == {"id": 0, "action": "start", "progress": 10.0, "sharing": NO_SHARING, "movie": movie}
    assert (house.recording.raws[0].source, house.recording.raws[0].verb) == ("trakt", "start")
    assert house.count("watchd_events_received_total", source="trakt", action="start") == 1


async def test_an_episode_is_answered_with_its_show(house: House, enter: Enter) -> None:
    client = await enter()
    house.recording.answers = [Receipt(1, Fate.ACCEPTED, step=Step.PAUSED, play=a_play(DARK))]
    sent = {"show": {"title": "Dark"}, "episode": {"season": 1, "number": 2}, "progress": 33.333}
    answer = await client.post("/trakt/scrobble/pause", json=sent, headers=AUTH)
    assert answer.status == 201
    body = await answer.json()
    assert (body["action"], body["progress"]) == ("pause", 33.33)
    episode_ids = {"trakt": None, "tvdb": None, "imdb": None, "tmdb": 1416121}
    assert body["episode"] == {"season": 1, "number": 2, "title": "Lies", "ids": episode_ids}
    show_ids = {"trakt": 117, "slug": None, "tvdb": 334824, "imdb": None, "tmdb": None}
    assert body["show"] == {"title": "Dark", "year": 2017, "ids": show_ids}


async def test_without_a_play_the_item_is_echoed(enter: Enter) -> None:
    client = await enter()
    sent = {"show": {"title": "Naruto"}, "episode": {"number_abs": 133}, "progress": 5}
    body = await (await client.post("/trakt/scrobble/start", json=sent, headers=AUTH)).json()
    assert (body["id"], body["show"]["title"], body["episode"]["number_abs"]) == (0, "Naruto", 133)


async def test_a_watched_stop_is_a_scrobble_with_its_id(house: House, enter: Enter) -> None:
    client = await enter()
    house.recording.answers = [Receipt(1, Fate.ACCEPTED, step=Step.WATCHED, play=a_play(watched_at=NOW))]
    body = await (await client.post("/trakt/scrobble/stop", json=MOVIE | {"progress": 99.9}, headers=AUTH)).json()
    assert (body["id"], body["action"], body["progress"]) == (9, "scrobble", 99.9)


async def test_a_stop_below_the_threshold_is_a_pause(house: House, enter: Enter) -> None:
    client = await enter()
    house.recording.answers = [Receipt(1, Fate.ACCEPTED, step=Step.STOPPED, play=a_play())]
    answer = await client.post("/trakt/scrobble/stop", json=MOVIE | {"progress": 62.4}, headers=AUTH)
    assert answer.status == 201
    body = await answer.json()
    assert (body["id"], body["action"]) == (0, "pause")


async def test_a_stop_without_progress_tells_what_the_play_knew(house: House, enter: Enter) -> None:
    client = await enter()
    house.recording.answers = [Receipt(1, Fate.ACCEPTED, step=Step.STOPPED, play=a_play(progress=41.5))]
    body = await (await client.post("/trakt/scrobble/stop", json=MOVIE, headers=AUTH)).json()
    assert body["progress"] == 41.5
    assert isinstance(house.recording.seen[0], PlaybackEvent)
    assert house.recording.seen[0].progress is None


async def test_a_stop_of_what_was_just_watched_is_a_409(house: House, enter: Enter) -> None:
    client = await enter()
    play = a_play(watched_at=NOW)
    house.recording.answers = [Receipt(2, Fate.ACCEPTED, step=Step.SWALLOWED, play=play, until=NOW + 55 * MINUTE)]
    answer = await client.post("/trakt/scrobble/stop", json=MOVIE | {"progress": 99}, headers=AUTH)
    assert answer.status == 409
    assert await answer.json() == {"watched_at": iso(NOW), "expires_at": iso(NOW + 55 * MINUTE)}


async def test_a_repeated_stop_is_a_409_as_at_trakt(house: House, enter: Enter) -> None:
    client = await enter()
    play, until = a_play(watched_at=NOW), NOW + 30 * MINUTE
    first = Receipt(1, Fate.ACCEPTED, step=Step.WATCHED, play=play)
    house.recording.answers = [first, Receipt(2, Fate.DUPLICATE, "sent before", Step.SWALLOWED, play, until)]
    answers = [await client.post("/trakt/scrobble/stop", json=MOVIE | {"progress": 99}, headers=AUTH) for _ in range(2)]
    assert [answer.status for answer in answers] == [201, 409]
    assert await answers[1].json() == {"watched_at": iso(NOW), "expires_at": iso(until)}


@pytest.mark.parametrize("verb", ["stop", "pause"])
async def test_less_than_a_percent_is_a_422_and_still_kept(house: House, enter: Enter, verb: str) -> None:
    client = await enter()
    answer = await client.post(f"/trakt/scrobble/{verb}", json=MOVIE | {"progress": 0.9}, headers=AUTH)
    assert answer.status == 422
    assert len(house.recording.seen) == 1
    assert (await client.post("/trakt/scrobble/start", json=MOVIE | {"progress": 0}, headers=AUTH)).status == 201


@pytest.mark.parametrize(
    "body, status",
    [
        ('{"movie": {"title"', 400),
        ("", 400),
        ("[]", 400),
        ("[" * 100_000, 400),
        ('{"movie": "Ran", "progress": 1}', 400),
        ('{"movie": {"title": "Ran"}, "progress": true}', 400),
        ('{"movie": {"title": "Ran"}, "progress": NaN}', 400),
        ('{"progress": 10}', 422),
        ('{"movie": {}, "progress": 10}', 422),
        ('{"episode": {"season": 1}, "progress": 10}', 422),
    ],
)
async def test_a_call_that_cannot_be_read_is_refused_and_leaves_a_trace(
    house: House, enter: Enter, body: str, status: int
) -> None:
    client = await enter()
    answer = await client.post("/trakt/scrobble/stop", data=body.encode(), headers=AUTH | {"Content-Type": "application/json"})
    assert answer.status == status
    assert (await answer.json())["error"]
    assert house.recording.raws[0].body == body[: 16 * 1024]
    assert house.count("watchd_events_rejected_total", source="trakt", reason="malformed") == 1


async def test_a_checkin_of_nothing_is_refused(house: House, enter: Enter) -> None:
    client = await enter()
    assert (await client.post("/trakt/checkin", data=b"{", headers=AUTH)).status == 400
    assert (await client.post("/trakt/checkin", json={"message": "x"}, headers=AUTH)).status == 422
    assert len(house.recording.raws) == 2


async def test_a_checkin_says_when_it_will_count(house: House, enter: Enter) -> None:
    client = await enter()
    until = NOW + 162 * MINUTE
    house.recording.answers = [Receipt(1, Fate.ACCEPTED, step=Step.CHECKED_IN, play=a_play(), until=until)]
    answer = await client.post("/trakt/checkin", json=MOVIE | {"message": "now"}, headers=AUTH)
    assert answer.status == 201
    body = await answer.json()
    assert (body["id"], body["watched_at"], body["sharing"], body["movie"]["title"]) == (9, iso(until), NO_SHARING, "Ran")
    assert "progress" not in body
    assert house.count("watchd_events_received_total", source="trakt", action="checkin") == 1


async def test_a_checkin_while_another_runs_is_a_409(house: House, enter: Enter) -> None:
    client = await enter()
    house.recording.answers = [Receipt(1, Fate.ACCEPTED, step=Step.BUSY, play=a_play(), until=NOW)]
    answer = await client.post("/trakt/checkin", json=MOVIE, headers=AUTH)
    assert answer.status == 409
    assert await answer.json() == {"expires_at": iso(NOW)}


async def test_the_end_of_a_checkin_is_a_204(house: House, enter: Enter) -> None:
    client = await enter()
    answer = await client.delete("/trakt/checkin", headers=AUTH)
    assert (answer.status, await answer.read()) == (204, b"")
    [event] = house.recording.seen
    assert isinstance(event, PlaybackEvent)
    assert event.action is Action.UNCHECKIN
    assert house.recording.raws[0].verb == "uncheckin"


async def test_what_was_not_kept_is_a_503(house: House, enter: Enter) -> None:
    client = await enter()
    house.recording.error = StoreUnavailable("full")
    for answer in (
        await client.post("/trakt/scrobble/stop", json=MOVIE | {"progress": 90}, headers=AUTH),
        await client.post("/trakt/checkin", json=MOVIE, headers=AUTH),
        await client.delete("/trakt/checkin", headers=AUTH),
    ):
        assert answer.status == 503
        assert answer.headers["Retry-After"]


async def test_what_was_kept_but_not_understood_is_a_500(house: House, enter: Enter) -> None:
    client = await enter()
    house.recording.answers = [Receipt(1, Fate.INTERNAL, "kept, but not understood")]
    answer = await client.post("/trakt/scrobble/stop", json=MOVIE | {"progress": 90}, headers=AUTH)
    assert answer.status == 500
    assert house.count("watchd_events_rejected_total", source="trakt", reason="internal") == 1


async def test_a_rehearsal_says_what_would_be_recorded_and_for_whom(house: House, enter: Enter) -> None:
    house.household = Household((Member(1, "me"), Member(2, "you")))
    client = await enter()
    answer = await client.post("/trakt/scrobble/stop?dry=1&user=you", json=MOVIE | {"progress": 90}, headers=AUTH)
    told = await answer.json()
    assert (answer.status, told["status"], told["reason"], told["play"]) == (200, "ignored", "test_event", None)
    would = told["would"]
    assert (would["action"], would["title"], would["progress"], would["account"]) == ("stop", "Ran (1985)", 90, "you")
    assert house.recording.seen == [Ignored(IgnoreReason.TEST_EVENT)]
    assert house.recording.raws[0].account_id == 2


async def test_a_rehearsal_of_nothing_is_refused_as_the_call_would_be(enter: Enter) -> None:
    client = await enter()
    assert (await client.post("/trakt/scrobble/stop?dry=1", json={}, headers=AUTH)).status == 422
    assert (await client.post("/trakt/scrobble/stop?dry=1&user=nobody", json=MOVIE, headers=AUTH)).status == 404
