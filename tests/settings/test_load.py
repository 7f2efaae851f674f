"""Where settings come from, and what is said when they do not fit."""

from collections.abc import Callable
from pathlib import Path

import pytest

from watchd.errors import SettingsError
from watchd.settings import Listen, load

PLANTED = "hunter2-planted-secret"
Write = Callable[..., dict[str, str]]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """An environment with the given `watchd.toml`, credentials and variables, and a home that is empty otherwise."""

    def write(toml: str | None = None, credentials: dict[str, str] | None = None, **env: str) -> dict[str, str]:
        found = {"HOME": str(tmp_path / "home"), **env}
        if toml is not None:
            (tmp_path / "config").mkdir()
            (tmp_path / "config" / "watchd.toml").write_text(toml, encoding="utf-8")
            found["CONFIGURATION_DIRECTORY"] = str(tmp_path / "config")
        if credentials is not None:
            (tmp_path / "credentials").mkdir()
            for name, text in credentials.items():
                (tmp_path / "credentials" / name).write_text(text, encoding="utf-8")
            found["CREDENTIALS_DIRECTORY"] = str(tmp_path / "credentials")
        return found

    return write


def refusal(env: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as caught:
        load(env)
    line = str(caught.value)
    assert "\n" not in line
    assert PLANTED not in line
    assert caught.value.__cause__ is None or PLANTED not in repr(caught.value.__cause__)
    return line


def test_nothing_set_is_local_mode(written: Write) -> None:
    env = written()
    settings = load(env)
    assert settings.state_dir == Path(env["HOME"]) / ".local/state/watchd"
    assert settings.listen == Listen("127.0.0.1", 7373)
    assert settings.listen.loopback
    assert (settings.public, settings.log_format, settings.watched_threshold) == ("none", "auto", 80)
    assert settings.trakt.client_id is None
    assert (settings.trakt.api_url, settings.trakt.auth_url) == ("https://api.trakt.tv", "https://auth.trakt.tv")
    assert settings.clock is None


def test_every_setting_can_come_from_the_environment(written: Write) -> None:
    settings = load(
        written(
            WATCHD_STATE_DIR="/srv/watchd",
            WATCHD_LISTEN="[::1]:80",
            WATCHD_PUBLIC="cards",
            WATCHD_PUBLIC_URL="https://watch.example/",
            WATCHD_HOOK_TOKEN="h",
            WATCHD_READ_TOKEN="r",
            WATCHD_ADMIN_TOKEN="a",
            WATCHD_WATCHED_THRESHOLD="70",
            WATCHD_REPEAT_WINDOW="3.5",
            WATCHD_UNKNOWN_AFTER="60",
            WATCHD_LOG_FORMAT="json",
            WATCHD_CLOCK="60@1790000000",
            WATCHD_TRAKT__CLIENT_ID="id",
            WATCHD_TRAKT__CLIENT_SECRET="secret",
            WATCHD_TRAKT__USERNAME="sean",
            WATCHD_TRAKT__API_URL="http://127.0.0.1:4000",
            WATCHD_TRAKT__AUTH_URL="http://127.0.0.1:4001",
            WATCHD_TRAKT__PAUSE_VERB="pause",
            WATCHD_TMDB__API_KEY="key",
            WATCHD_TMDB__API_URL="http://127.0.0.1:4002/3",
            WATCHD_TMDB__IMAGE_URL="http://127.0.0.1:4002/t/p",
            WATCHD_TMDB__LANGUAGE="pt-BR",
        )
    )
    assert settings.state_dir == Path("/srv/watchd")
    assert settings.listen == Listen("::1", 80)
    assert settings.public_url == "https://watch.example"
    tokens = (settings.hook_token, settings.read_token, settings.admin_token)
    assert [token.get_secret_value() for token in tokens if token is not None] == ["h", "r", "a"]
    assert (settings.watched_threshold, settings.repeat_window, settings.unknown_after) == (70, 3.5, 60)
    assert settings.clock == "60@1790000000"
    assert (settings.trakt.client_id, settings.trakt.username, settings.trakt.pause_verb) == ("id", "sean", "pause")
    assert settings.trakt.client_secret is not None
    assert settings.trakt.client_secret.get_secret_value() == "secret"
    assert settings.tmdb.api_key is not None
    assert settings.tmdb.language == "pt-BR"


def test_the_environment_beats_credentials_and_those_beat_the_file(written: Write) -> None:
    toml = '[trakt]\nclient_id = "file"\nusername = "file"\npause_verb = "pause"\n'
    credentials = {"watchd_trakt__client_id": "credential\n", "watchd_trakt__username": "credential\n"}
    trakt = load(written(toml, credentials, WATCHD_TRAKT__CLIENT_ID="variable")).trakt
    assert (trakt.client_id, trakt.username, trakt.pause_verb) == ("variable", "credential", "pause")


def test_the_seeds_names_are_understood_and_yield_to_our_own(written: Write) -> None:
    env = written(TRAKT_API_KEY="id", TRAKT_USERNAME="sean", TMDB_API_KEY="key")
    assert (load(env).trakt.client_id, load(env).trakt.username) == ("id", "sean")
    assert load(env).tmdb.api_key is not None
    assert load({**env, "WATCHD_TRAKT__CLIENT_ID": "ours"}).trakt.client_id == "ours"
    assert load({"WATCHD_TRAKT__CLIENT_ID": "ours", **env}).trakt.client_id == "ours"


def test_an_empty_variable_is_none(written: Write) -> None:
    settings = load(written('[trakt]\nusername = "sean"\n', WATCHD_HOOK_TOKEN="", WATCHD_TRAKT__USERNAME=""))
    assert settings.hook_token is None
    assert settings.trakt.username == "sean"


def test_foreign_credentials_and_names_of_our_tests_are_nobodys_business(written: Write) -> None:
    env = written(credentials={"tls.key": "x"}, WATCHD_REQUIRE_REAL="1", PATH="/bin")
    Path(env["CREDENTIALS_DIRECTORY"], "tls.der").write_bytes(b"\xff\xfe")
    assert load(env).hook_token is None


def test_the_environment_of_the_process_is_the_default_and_does_not_seep_in_beside_another(
    written: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHD_WATCHED_THRESHOLD", "55")
    assert load().watched_threshold == 55
    assert load(written()).watched_threshold == 80


@pytest.mark.parametrize(
    "wrong, guess",
    [
        ("WATCHD_HOOKTOKEN", "did you mean WATCHD_HOOK_TOKEN?"),
        ("WATCHD_TRAKT_CLIENT_SECRET", "did you mean WATCHD_TRAKT__CLIENT_SECRET?"),
        ("WATCHD_TRAKT__CLIENT_SECRETS", "did you mean WATCHD_TRAKT__CLIENT_SECRET?"),
        ("WATCHD_QQQQ__ZZZ", "remove it"),
    ],
)
def test_an_unknown_variable_is_refused_with_a_guess(written: Write, wrong: str, guess: str) -> None:
    assert refusal(written(**{wrong: PLANTED})) == f"{wrong}: there is no such setting; {guess}"


def test_an_unknown_credential_is_refused(written: Write) -> None:
    line = refusal(written(credentials={"watchd_hook_tokens": PLANTED}))
    assert line.startswith("credential watchd_hook_tokens: there is no such setting")


@pytest.mark.parametrize(
    "toml, name",
    [
        (f'hook_tokne = "{PLANTED}"', "hook_tokne in {}: there is no such setting; did you mean hook_token?"),
        (f'[trakt]\nclient_secrt = "{PLANTED}"', "trakt.client_secrt in {}: there is no such setting; did you mean"),
        (f'[mqtt]\npassword = "{PLANTED}"', "mqtt in {}: there is no such setting; remove it"),
        (f"hook_token = ['{PLANTED}']", "hook_token in {} has no usable value: give visible ASCII characters"),
        (f'hook_token = "{PLANTED} with a space"', "hook_token in {} has no usable value: give visible ASCII characters"),
        (f'trakt = "{PLANTED}"', "trakt in {} has no usable value: give a table [trakt] of its settings"),
        ("watched_threshold = true", "watched_threshold in {} has no usable value: give a percentage from 50 to 100"),
        ("[hooks]\nignore_user = []", "hooks.ignore_user in {}: there is no such setting; did you mean hooks.ignore_users?"),
        ('listen = ["127.0.0.1", 80]', "listen in {} has no usable value: give host:port"),
        (f'hook_token = "{PLANTED}', "{} is no valid TOML: look at end of document"),
        (f'hook_token = "{PLANTED}\n', "{} is no valid TOML: look at line 1, column"),
        (f'[trakt]\nx = "{PLANTED}"\n[trakt]\n', "{} is no valid TOML: look at line 3, column"),
    ],
)
def test_a_wrong_line_of_the_file_is_named_by_its_path(written: Write, toml: str, name: str) -> None:
    env = written(toml)
    file = Path(env["CONFIGURATION_DIRECTORY"], "watchd.toml")
    assert refusal(env).startswith(name.format(file))


@pytest.mark.parametrize(
    "name, value",
    [
        ("WATCHD_WATCHED_THRESHOLD", "49"),
        ("WATCHD_WATCHED_THRESHOLD", "101"),
        ("WATCHD_WATCHED_THRESHOLD", "nan"),
        ("WATCHD_WATCHED_THRESHOLD", PLANTED),
        ("WATCHD_REPEAT_WINDOW", "-1"),
        ("WATCHD_UNKNOWN_AFTER", "0"),
        ("WATCHD_PUBLIC", "yes"),
        ("WATCHD_LOG_FORMAT", "xml"),
        ("WATCHD_LISTEN", "7373"),
        ("WATCHD_LISTEN", "127.0.0.1:70000"),
        ("WATCHD_LISTEN", "[::zz]:1"),
        ("WATCHD_LISTEN", "[1:2]:1"),
        ("WATCHD_LISTEN", "http://127.0.0.1:80"),
        ("WATCHD_PUBLIC_URL", "watch.example"),
        ("WATCHD_PUBLIC_URL", f"https://me:{PLANTED}@watch.example"),
        ("WATCHD_PUBLIC_URL", f"https://watch.example:{PLANTED}"),
        ("WATCHD_PUBLIC_URL", f"https://watch.example/?token={PLANTED}"),
        ("WATCHD_HOOK_TOKEN", f"{PLANTED}\n"),
        ("WATCHD_TRAKT__CLIENT_SECRET", f"{PLANTED}é"),
        ("WATCHD_TRAKT__CLIENT_ID", f"{PLANTED} x"),
        ("WATCHD_TRAKT__API_URL", "ftp://api.trakt.tv"),
        ("WATCHD_TRAKT__API_URL", "http://[::1"),
        ("WATCHD_TRAKT__PAUSE_VERB", "start"),
        ("WATCHD_TMDB__LANGUAGE", "English"),
        ("WATCHD_CLOCK", "fast"),
        ("TMDB_API_KEY", f"{PLANTED} x"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_it_was_given_under(written: Write, name: str, value: str) -> None:
    assert refusal(written(**{name: value})).startswith(f"{name} has no usable value: give ")


def test_a_bad_credential_is_refused_by_its_file_name(written: Write) -> None:
    line = refusal(written(credentials={"watchd_hook_token": f"{PLANTED} {PLANTED}"}))
    assert line.startswith("credential watchd_hook_token has no usable value: give ")


def test_several_mistakes_are_counted(written: Write) -> None:
    assert refusal(written(WATCHD_PUBLIC="x", WATCHD_LISTEN="x")).endswith("(1 more after this one)")


@pytest.mark.parametrize("url", ["https://api.trakt.tv", "http://192.168.1.2:80", "http://127.0.0.1.example"])
def test_a_steered_clock_is_refused_when_trakt_is_not_on_this_machine(written: Write, url: str) -> None:
    line = refusal(written(WATCHD_CLOCK="60", WATCHD_TRAKT__API_URL=url))
    assert line == "WATCHD_CLOCK is for tests: remove it, or set WATCHD_TRAKT__API_URL to a loopback URL"


@pytest.mark.parametrize("url", ["http://127.0.0.1:4000", "http://[::1]:4000", "http://localhost:4000"])
def test_a_steered_clock_is_accepted_with_a_stand_in_here(written: Write, url: str) -> None:
    assert load(written(WATCHD_CLOCK="60", WATCHD_TRAKT__API_URL=url)).clock == "60"


def test_no_secret_shows_in_the_repr(written: Write) -> None:
    settings = load(
        written(
            WATCHD_HOOK_TOKEN=PLANTED,
            WATCHD_READ_TOKEN=f"{PLANTED}-2",
            WATCHD_ADMIN_TOKEN=f"{PLANTED}-3",
            WATCHD_TRAKT__CLIENT_SECRET=PLANTED,
            TMDB_API_KEY=PLANTED,
        )
    )
    assert PLANTED not in repr(settings)
    assert PLANTED not in settings.model_dump_json()
