"""Settings that come in tables: accounts and watchers, and the lists of names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from watchd.errors import SettingsError
from watchd.settings import Settings, load

Load = Callable[..., Settings]
Refuse = Callable[..., str]


@pytest.fixture
def loaded(tmp_path: Path) -> Load:
    """What is loaded from the given `watchd.toml` and variables."""

    def load_it(toml: str = "", **env: str) -> Settings:
        (tmp_path / "watchd.toml").write_text(toml, encoding="utf-8")
        return load({"HOME": str(tmp_path), "WATCHD_CONFIG": str(tmp_path / "watchd.toml"), **env})

    return load_it


@pytest.fixture
def refused(loaded: Load, tmp_path: Path) -> Refuse:
    """The line it is refused with, the file's folder left out."""

    def refuse(toml: str = "", **env: str) -> str:
        with pytest.raises(SettingsError) as caught:
            loaded(toml, **env)
        return str(caught.value).replace(f"{tmp_path}/", "")

    return refuse


def test_accounts_keep_their_order_and_their_lists(loaded: Load) -> None:
    ada, ben = loaded(
        '[[accounts]]\nname = "ada"\nusers = ["alice", " plex:7 ", 12]\nlibraries = "Films, Series"\n'
        '[[accounts]]\nname = "ben"\ntrakt_username = "ben-at-trakt"\n'
    ).accounts
    assert (ada.name, ada.users, ada.libraries, ada.players) == ("ada", ("alice", "plex:7", "12"), ("Films", "Series"), ())
    assert (ben.name, ben.users, ben.trakt_username) == ("ben", (), "ben-at-trakt")


def test_lists_outside_of_tables_can_be_variables(loaded: Load) -> None:
    hooks = loaded("[hooks]\nlive_tv = true\n", WATCHD_HOOKS__IGNORE_USERS="eve, mallory").hooks
    assert (hooks.ignore_users, hooks.live_tv, hooks.ignore_players) == (("eve", "mallory"), True, ())
    assert loaded(WATCHD_HOOKS__LIVE_TV="true").hooks.live_tv


@pytest.mark.parametrize(
    "toml, line",
    [
        ('[[accounts]]\nname = "a b"', "accounts.0.name in watchd.toml has no usable value: give letters, digits, dots"),
        ('[[accounts]]\nusers = ["a"]', "accounts.0.name in watchd.toml is missing: give letters, digits, dots"),
        (
            '[[accounts]]\nname = "a"\n[[accounts]]\nname = "b"\nuser = ["x"]',
            "accounts.1.user in watchd.toml: there is no such setting; did you mean accounts.1.users?",
        ),
        ('[[accounts]]\nname = "a"\nusers = [true]', "accounts.0.users.0 in watchd.toml has no usable value: give a list of"),
        ('[[accounts]]\nname = "a"\nusers = [" "]', "accounts.0.users.0 in watchd.toml has no usable value: give a list of"),
        ('[[accounts]]\nname = "a"\n[[accounts]]\nname = "A"', "[[accounts]]: two have the name A, capitals aside: rename one"),
        (
            '[accounts]\nname = "a"',
            "accounts in watchd.toml has no usable value: give tables [[accounts]], one for each person",
        ),
        ('accounts = ["a"]', "accounts.0 in watchd.toml has no usable value: give tables [[accounts]], one for each person"),
        ('[[account]]\nname = "a"', "account in watchd.toml: there is no such setting; did you mean accounts?"),
        (
            '[[watchers]]\nsource = "plex"\nurl = "http://nas"\ntokn = "planted-secret"',
            "watchers.0.tokn in watchd.toml: there is no such setting; did you mean watchers.0.token?",
        ),
        (
            '[[watchers]]\nsource = "vlc"\nurl = "http://nas"',
            "watchers.0.source in watchd.toml has no usable value: give plex,",
        ),
        (
            '[[watchers]]\nsource = "plex"\nurl = "http://nas"\ntoken = "planted secret"',
            "watchers.0.token in watchd.toml has no usable value: give the server's token",
        ),
    ],
)
def test_a_wrong_table_is_named_with_its_number_and_the_mend(refused: Refuse, toml: str, line: str) -> None:
    said = refused(toml)
    assert said.startswith(line)
    assert "planted" not in said


def test_two_tokens_that_are_one_are_refused_for_one_would_open_what_the_other_may(refused: Refuse) -> None:
    said = refused('hook_token = "planted"\n', WATCHD_ADMIN_TOKEN="planted")
    assert said == "WATCHD_HOOK_TOKEN and WATCHD_ADMIN_TOKEN are the same: give each a value of its own"


def test_the_password_of_a_kodi_is_what_its_owner_made_up(loaded: Load) -> None:
    [kodi] = loaded('[[watchers]]\nsource = "kodi"\nurl = "http://tv"\npassword = "ganz geheim, ä"').watchers
    assert kodi.password is not None
    assert kodi.password.get_secret_value() == "ganz geheim, ä"
    assert "geheim" not in repr(kodi)


@pytest.mark.parametrize("name", ["WATCHD_ACCOUNTS", "WATCHD_ACCOUNTS__0__NAME", "watchd_accounts"])
def test_tables_are_no_variables(refused: Refuse, name: str) -> None:
    line = f"{name}: this is no variable; write tables [[accounts]], one for each person, into watchd.toml"
    assert refused(**{name: "x"}) == line


def test_a_variable_that_only_begins_like_a_table_is_unknown(refused: Refuse) -> None:
    assert refused(WATCHD_ACCOUNTSX="x").startswith("WATCHD_ACCOUNTSX: there is no such setting")
