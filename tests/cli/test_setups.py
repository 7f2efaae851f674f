"""What people paste, filled as the media centers fill it and read by our own parsers."""

import json
import re
from collections.abc import Mapping

import pytest
import yaml

from watchd.cli.hook_urls import advice, details
from watchd.cli.samples import PAYLOADS, Who, spoken
from watchd.cli.setups import SETUPS
from watchd.cli.setups.relays import HOMEASSISTANT_YAML, TAUTULLI_TEMPLATE
from watchd.cli.setups.setup import Place
from watchd.clock import parse_iso
from watchd.model.media import Episode, MediaIds, Movie
from watchd.model.playback import Action, Ignored, PlaybackEvent, UnnamedEvent
from watchd.settings import Listen
from watchd.sources import HOOKS, trakt
from watchd.web.framing import loads

EVERYWHERE = Listen("0.0.0.0", 7373)  # noqa: S104 - not bound
HERE = Listen("127.0.0.1", 7373)
TOKEN = "to-k_en"
MOVIE = {"media_title": "Heat", "media_content_type": "movie", "media_duration": 10200, "media_position": 2550}


def read(source: str, text: str) -> PlaybackEvent | UnnamedEvent | Ignored:
    return trakt.parse("start", loads(text)) if source == trakt.SOURCE else HOOKS[source](loads(text))


def tautulli(values: Mapping[str, str]) -> str:
    """As Tautulli does it: parse first, then fill every string; what has no value becomes an empty one."""
    template: dict[str, str] = json.loads(TAUTULLI_TEMPLATE)
    return json.dumps({key: re.sub(r"{(\w+)}", lambda m: values.get(m[1], ""), text) for key, text in template.items()})


def handlebars(template: str, values: Mapping[str, object]) -> str:
    """The little of Handlebars that our template for Jellyfin uses."""

    def shown(name: str) -> str:
        return str(values.get(name, ""))

    def condition(match: re.Match[str]) -> str:
        return match[2] if shown(match[1]) else ""

    text = re.sub(r"{{#if_exist (\w+)}}(.*?){{/if_exist}}", condition, template)
    text = re.sub(r"{{{json_encode (\w+)}}}", lambda match: json.dumps(shown(match[1]))[1:-1], text)
    return re.sub(r"{{{(\w+)}}}", lambda match: shown(match[1]), text)


def homeassistant(state: str, attributes: Mapping[str, object]) -> str:
    """The automation fills its data from the new state, the rest_command its payload from these."""
    config = yaml.safe_load(Place("http://watchd.lan:7373", TOKEN).filled(HOMEASSISTANT_YAML))
    plain = {"{{ trigger.entity_id }}": "media_player.den", "{{ trigger.to_state.state }}": state}
    plain["{{ trigger.to_state.last_updated.isoformat() }}"] = "2026-03-01T20:00:05+00:00"
    data = {}
    for name, template in config["automation"][0]["actions"][0]["data"].items():
        match = re.fullmatch(r"{{ trigger\.to_state\.attributes\.(\w+) \| default\(''(?:, true)?\) }}", template)
        data[name] = attributes.get(match[1], "") if match else plain[template]
    payload = config["rest_command"]["watchd"]["payload"]
    return re.sub(r"{{ (\w+) \| string \| to_json }}", lambda match: json.dumps(str(data[match[1]])), payload)


def test_tautullis_template_says_which_film_is_played_and_how_far() -> None:
    values = {
        "action": "pause",
        "username": "maria",
        "media_type": "movie",
        "title": 'The "Heat" {uncut}',
        "year": "1995",
        "imdb_id": "tt0113277",
        "themoviedb_id": "949",
        "progress_percent": "25",
        "view_offset": "2550000",
        "duration_ms": "10200000",
        "machine_id": "shield",
        "player": "Den",
        "library_name": "Movies",
    }
    event = read("tautulli", tautulli(values))
    assert isinstance(event, PlaybackEvent)
    assert isinstance(event.media, Movie)
    assert (event.action, event.media.title, event.media.year) == (Action.PAUSE, 'The "Heat" {uncut}', 1995)
    assert event.media.ids == MediaIds(imdb="tt0113277", tmdb=949)
    assert (event.progress, event.duration, event.user) == (25.0, 10_200.0, "maria")
    assert (event.player_name, event.sender.library) == ("Den", "Movies")


def test_tautullis_template_says_which_episode_is_played() -> None:
    values = {
        "action": "watched",
        "media_type": "episode",
        "title": "Futurama - A Clone of My Own",
        "show_name": "Futurama",
        "episode_name": "A Clone of My Own",
        "season_num": "2",
        "episode_num": "15",
        "thetvdb_id": "73871",
    }
    event = read("tautulli", tautulli(values))
    assert isinstance(event, PlaybackEvent)
    assert isinstance(event.media, Episode)
    assert (event.media.show.title, event.media.season, event.media.number) == ("Futurama", 2, 15)
    assert event.media.show.ids == MediaIds(tvdb=73871)


def test_jellyfins_compact_template_carries_what_is_needed() -> None:
    ((_, template),) = SETUPS["jellyfin"].templates
    values: dict[str, object] = {
        "NotificationType": "PlaybackStop",
        "UtcTimestamp": "2026-03-01T20:00:00.0000000Z",
        "ServerId": "16588a9f-062a-40c4-9665-86b1d220bffc",
        "ServerName": "attic",
        "UserId": "02700c83-44d5-4261-9b39-319296c0d4c7",
        "NotificationUsername": 'ana "a"',
        "ItemId": "9871a124-b152-901e-dc3a-afa0f374d14e",
        "ItemType": "Episode",
        "Name": "Série\\n",
        "SeriesName": "The Expanse",
        "SeasonNumber": 1,
        "EpisodeNumber": 2,
        "RunTimeTicks": 27_000_000_000,
        "PlaybackPositionTicks": 26_000_000_000,
        "IsPaused": False,
        "PlayedToCompletion": True,
        "Provider_tvdb": "5000",
    }
    event = read("jellyfin", handlebars(template, values))
    assert isinstance(event, PlaybackEvent)
    assert isinstance(event.media, Episode)
    assert (event.action, event.completed, event.user) == (Action.STOP, True, 'ana "a"')
    assert (event.media.show.title, event.media.season, event.media.number) == ("The Expanse", 1, 2)
    assert event.media.ids == MediaIds(tvdb=5000)
    assert isinstance(read("jellyfin", handlebars(template, {"NotificationType": "Generic"})), Ignored)


@pytest.mark.parametrize("state, action", [("playing", Action.START), ("paused", Action.PAUSE), ("idle", Action.STOP)])
def test_home_assistants_automation_tells_of_a_film(state: str, action: Action) -> None:
    event = read("homeassistant", homeassistant(state, MOVIE))
    assert isinstance(event, PlaybackEvent)
    assert isinstance(event.media, Movie)
    assert (event.action, event.media.title, event.position, event.duration) == (action, "Heat", 2550.0, 10_200.0)
    assert event.at == parse_iso("2026-03-01T20:00:05Z")


def test_home_assistants_automation_tells_of_an_episode_and_when_its_position_was_true() -> None:
    attributes = {
        "media_content_type": "tvshow",
        "media_series_title": "The Expanse",
        "media_title": 'Say "hi"',
        "media_season": 1,
        "media_episode": "02",
        "media_position": 5.5,
        "media_position_updated_at": "2026-03-01 20:00:00+00:00",
    }
    event = read("homeassistant", homeassistant("playing", attributes))
    assert isinstance(event, PlaybackEvent)
    assert isinstance(event.media, Episode)
    assert (event.media.show.title, event.media.season, event.media.number) == ("The Expanse", 1, 2)
    assert event.position_at == 1_772_395_200_000


def test_home_assistants_automation_can_say_that_a_player_was_switched_off() -> None:
    event = read("homeassistant", homeassistant("off", {"friendly_name": "Den"}))
    assert isinstance(event, UnnamedEvent)
    assert event.action is Action.STOP


def test_tautullis_headers_are_json() -> None:
    headers = Place("http://watchd.lan", TOKEN).filled(SETUPS["tautulli"].templates[0][1])
    assert json.loads(headers)["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("source", PAYLOADS)
def test_the_sample_of_a_source_is_understood_by_its_parser(source: str) -> None:
    event = read(source, json.dumps(PAYLOADS[source](Who(user="ana", player="den"))))
    assert isinstance(event, PlaybackEvent)
    assert isinstance(event.media, Movie)
    assert (event.action, event.media.title) == (Action.START, "Heat")
    said = spoken(source, Who(user="ana", player="den"))
    assert (event.user == "ana") == ("user ana" in said)
    assert ("den" in f"{event.player} {event.player_name}") == ("player den" in said)


@pytest.mark.parametrize("source", SETUPS)
def test_a_setup_names_its_url_the_token_and_what_to_turn_off(source: str) -> None:
    text = details(source, "http://127.0.0.1:7373", TOKEN, EVERYWHERE, "https://watchd.example")
    assert f"https://watchd.example/{'trakt' if source == 'trakt' else f'hooks/{source}'}" in text
    assert TOKEN in text
    assert "twice" in text
    assert "@" not in text.replace("@BASE@", "!")
    assert "127.0.0.1:7373" not in text
    assert "work on this machine only" not in text


def test_what_is_to_be_copied_stays_on_one_line() -> None:
    text = details("jellyfin", "http://127.0.0.1:7373", TOKEN, HERE, None)
    assert f"Bearer {TOKEN}" in text
    assert "`" not in text
    assert "work on this machine only" in text


def test_the_short_form_names_every_source_and_stays_short() -> None:
    text = advice("http://127.0.0.1:7373", TOKEN, EVERYWHERE, None)
    assert all(f"({source})" in text for source in SETUPS)
    assert text.count("\n") < 50
    assert "put this machine's name" in text


def test_every_source_we_take_has_a_setup_and_a_sample() -> None:
    assert set(HOOKS) | {trakt.SOURCE} == set(SETUPS) == set(PAYLOADS)
