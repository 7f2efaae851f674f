"""Hooks: kept, counted and answered."""

import json

import pytest
from aiohttp import FormData

from tests.web.conftest import Enter
from tests.web.fakes import HOOK, House, bearer
from watchd.errors import MalformedPayload, StoreUnavailable
from watchd.model.playback import Action, Ignored, PlaybackEvent
from watchd.model.receipts import Fate, Receipt, Step
from watchd.sources import HOOKS

PLAY = {
    "event": "media.play",
    "Account": {"title": "Ada", "thumb": "https://plex.tv/users/feedface01/avatar?c=1"},
    "Player": {"uuid": "p", "publicAddress": "198.51.100.7"},
    "Server": {"uuid": "s"},
    "Metadata": {"type": "movie", "title": "Alien", "year": 1979, "duration": 7_000_000, "viewOffset": 700_000},
}
AUTH = bearer(HOOK)


async def test_an_event_is_kept_and_answered(house: House, enter: Enter) -> None:
    client = await enter()
    house.recording.answers = [Receipt(41, Fate.ACCEPTED, step=Step.STARTED)]
    answer = await client.post("/hooks/plex", json=PLAY, headers=AUTH)
    assert answer.status == 200
    assert await answer.json() == {"status": "accepted", "reason": None, "id": 41, "step": "started", "play": None}
    [event] = house.recording.seen
    assert isinstance(event, PlaybackEvent)
    assert (event.action, event.media.title, event.position) == (Action.START, "Alien", 700.0)
    assert house.count("watchd_events_received_total", source="plex", action="start") == 1


async def test_the_trace_is_redacted(house: House, enter: Enter) -> None:
    client = await enter()
    await client.post("/hooks/plex", json=PLAY | {"token": "s3cret"}, headers=AUTH)
    [raw] = house.recording.raws
    assert (raw.account_id, raw.source, raw.received_at, raw.verb) == (1, "plex", house.clock.now(), "")
    assert "Alien" in raw.body
    for secret in ("s3cret", "feedface01", "198.51.100.7"):
        assert secret not in raw.body


async def test_an_ignored_event_is_answered_with_its_reason(house: House, enter: Enter) -> None:
    client = await enter()
    answer = await client.post("/hooks/plex", json={"event": "library.new"}, headers=AUTH)
    assert answer.status == 200
    body = await answer.json()
    assert (body["status"], body["reason"], body["id"]) == ("ignored", "library_event", 1)
    assert isinstance(house.recording.seen[0], Ignored)
    assert house.count("watchd_events_rejected_total", source="plex", reason="ignored") == 1


@pytest.mark.parametrize("fate", [Fate.DUPLICATE, Fate.REFUSED, Fate.INTERNAL])
async def test_an_event_that_became_nothing_is_still_a_2xx(house: House, enter: Enter, fate: Fate) -> None:
    client = await enter()
    house.recording.answers = [Receipt(5, fate, "because")]
    answer = await client.post("/hooks/plex", json=PLAY, headers=AUTH)
    assert answer.status == 200
    body = await answer.json()
    assert (body["status"], body["reason"]) == (str(fate), "because")
    assert house.count("watchd_events_rejected_total", source="plex", reason=str(fate)) == 1


@pytest.mark.parametrize(
    "body, reason",
    [
        (b'{"event": "media.pl', "not_json"),
        (b"{}}", "not_json"),
        (b"hello", "not_json"),
        (b"\xff\xfe{}", "not_utf8"),
        (b'{"event": "\xff"}', "not_utf8"),
        (b'{"event": NaN}', "not_json"),
        (b'{"event": -Infinity}', "not_json"),
        (b"[]", "wrong_type"),
        (b"{}", "no_event"),
        (b'{"event": 1}', "no_event"),
        (b'{"event": "media.play", "Metadata": "x"}', "wrong_type"),
        (b"[" * 200_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b'{"event": ' + b"9" * 5000 + b"}", "not_json"),
        (b"a=1&" * 1000, "not_json"),
    ],
    ids=lambda value: value[:16].decode("latin-1") if isinstance(value, bytes) else value,
)
async def test_what_cannot_be_read_is_a_400_and_leaves_a_trace(house: House, enter: Enter, body: bytes, reason: str) -> None:
    client = await enter()
    answer = await client.post("/hooks/plex", data=body, headers=AUTH | {"Content-Type": "application/json"})
    assert answer.status == 400
    told = await answer.json()
    assert (told["status"], told["reason"], told["id"]) == ("malformed", reason, 1)
    assert told["error"]
    assert len(house.recording.raws[0].body.encode()) <= 16 * 1024
    assert house.count("watchd_events_rejected_total", source="plex", reason="malformed") == 1
    assert (await client.post("/hooks/plex", json=PLAY, headers=AUTH)).status == 200


@pytest.mark.parametrize("body", [b"", b"  \n"])
async def test_a_template_that_rendered_to_nothing_is_no_mistake(house: House, enter: Enter, body: bytes) -> None:
    client = await enter()
    answer = await client.post("/hooks/plex", data=body, headers=AUTH)
    assert answer.status == 200
    assert (await answer.json())["reason"] == "empty_body"


async def test_duplicate_keys_and_large_numbers_are_read(house: House, enter: Enter) -> None:
    client = await enter()
    body = b'{"event":"x","event":"media.play","n":' + b"9" * 300 + b',"Metadata":{"type":"movie","title":"Alien"}}'
    assert (await client.post("/hooks/plex", data=body, headers=AUTH)).status == 200
    assert isinstance(house.recording.seen[0], PlaybackEvent)


@pytest.mark.parametrize(
    "content_type", ["application/json", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "x"]
)
async def test_the_content_type_is_not_believed(house: House, enter: Enter, content_type: str) -> None:
    client = await enter()
    body = b"\xef\xbb\xbf \n" + json.dumps(PLAY).encode()
    assert (await client.post("/hooks/plex", data=body, headers=AUTH | {"Content-Type": content_type})).status == 200
    assert isinstance(house.recording.seen[0], PlaybackEvent)


@pytest.mark.parametrize("name", ["payload", "data"])
async def test_a_form_may_carry_the_payload(house: House, enter: Enter, name: str) -> None:
    client = await enter()
    assert (await client.post("/hooks/plex", data={name: json.dumps(PLAY)}, headers=AUTH)).status == 200
    assert isinstance(house.recording.seen[0], PlaybackEvent)


@pytest.mark.parametrize("filename", [None, "payload.json"])
async def test_a_multipart_body_may_carry_a_picture(house: House, enter: Enter, filename: str | None) -> None:
    client = await enter()
    form = FormData()
    form.add_field("payload", json.dumps(PLAY), content_type="application/json", filename=filename)
    form.add_field("thumb", b"\xff\xd8\r\n--" * 100_000, content_type="image/jpeg", filename="thumb.jpg")
    assert (await client.post("/hooks/plex", data=form, headers=AUTH)).status == 200
    assert isinstance(house.recording.seen[0], PlaybackEvent)
    assert "\ufffd" not in house.recording.raws[0].body


async def test_a_source_nobody_knows_is_a_404(house: House, enter: Enter) -> None:
    client = await enter()
    answer = await client.post("/hooks/betamax", json=PLAY, headers=AUTH)
    assert answer.status == 404
    assert "plex" in (await answer.json())["error"]
    assert house.recording.raws == []
    assert house.count("watchd_events_rejected_total", source="unknown", reason="unknown_source") == 1


async def test_a_browser_is_told_that_the_address_works(enter: Enter) -> None:
    client = await enter()
    answer = await client.get("/hooks/plex", params={"token": HOOK})
    assert answer.status == 405
    assert answer.headers["Allow"] == "POST, PUT"
    assert "This address works" in (await answer.json())["error"]
    assert (await client.get("/hooks/betamax")).status == 404


async def test_what_was_not_kept_is_a_503(house: House, enter: Enter) -> None:
    client = await enter()
    house.recording.error = StoreUnavailable("the disk is full at a-secret-path")
    answer = await client.post("/hooks/plex", json=PLAY, headers=AUTH)
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "a-secret-path" not in await answer.text()
    assert house.count("watchd_events_rejected_total", source="plex", reason="unavailable") == 1


async def test_an_error_of_a_parser_keeps_the_event(house: House, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(payload: object) -> PlaybackEvent:
        raise KeyError(str(payload))

    monkeypatch.setitem(HOOKS, "plex", broken)
    client = await enter()
    answer = await client.post("/hooks/plex", json=PLAY, headers=AUTH)
    assert answer.status == 200
    assert (await answer.json())["status"] == "internal"
    assert isinstance(house.recording.seen[0], MalformedPayload)
    assert "Alien" in house.recording.raws[0].body
    assert house.count("watchd_events_rejected_total", source="plex", reason="internal") == 1
