"""The files and folders that settings come from."""

from pathlib import Path

import pytest

from watchd.errors import SettingsError
from watchd.settings import load
from watchd.settings.files import config_file, default_state_dir


def _toml(folder: Path, threshold: int) -> None:
    folder.mkdir(parents=True)
    (folder / "watchd.toml").write_text(f"watched_threshold = {threshold}\n", encoding="utf-8")


def test_the_file_is_sought_as_named_then_of_the_service_then_of_the_user(tmp_path: Path) -> None:
    _toml(tmp_path / "named", 61)
    _toml(tmp_path / "service", 62)
    _toml(tmp_path / "xdg" / "watchd", 63)
    _toml(tmp_path / "home" / ".config" / "watchd", 64)
    env = {"HOME": str(tmp_path / "home")}
    assert load(env).watched_threshold == 64
    env["XDG_CONFIG_HOME"] = str(tmp_path / "xdg")
    assert load(env).watched_threshold == 63
    env["CONFIGURATION_DIRECTORY"] = f"{tmp_path / 'service'}:/elsewhere"
    assert load(env).watched_threshold == 62
    env["WATCHD_CONFIG"] = str(tmp_path / "named" / "watchd.toml")
    assert load(env).watched_threshold == 61


def test_a_service_does_not_read_the_file_of_a_user(tmp_path: Path) -> None:
    _toml(tmp_path / "home" / ".config" / "watchd", 64)
    (tmp_path / "service").mkdir()
    assert config_file({"HOME": str(tmp_path / "home"), "CONFIGURATION_DIRECTORY": str(tmp_path / "service")}) is None


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere.toml cannot be read \(No such file or directory\): mend .*WATCHD_CONFIG"):
        load({"HOME": str(tmp_path), "WATCHD_CONFIG": str(tmp_path / "nowhere.toml")})


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "watchd.toml").mkdir()
    with pytest.raises(SettingsError, match=r"watchd.toml cannot be read"):
        load({"HOME": str(tmp_path), "CONFIGURATION_DIRECTORY": str(tmp_path)})


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "watchd.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"watchd.toml is not UTF-8 text: save it as such"):
        load({"HOME": str(tmp_path), "CONFIGURATION_DIRECTORY": str(tmp_path)})


def test_a_config_folder_that_cannot_be_reached_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be reached \(File name too long\)"):
        load({"HOME": str(tmp_path), "CONFIGURATION_DIRECTORY": str(tmp_path / ("x" * 300))})


def test_credentials_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"CREDENTIALS_DIRECTORY cannot be read"):
        load({"HOME": str(tmp_path), "CREDENTIALS_DIRECTORY": str(tmp_path / "none")})
    (tmp_path / "watchd_hook_token").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="credential watchd_hook_token is not UTF-8 text"):
        load({"HOME": str(tmp_path), "CREDENTIALS_DIRECTORY": str(tmp_path)})


def test_the_state_directory_is_the_services_then_the_users() -> None:
    env = {"HOME": "/home/me"}
    assert default_state_dir(env) == Path("/home/me/.local/state/watchd")
    env["XDG_STATE_HOME"] = "relative"
    assert default_state_dir(env) == Path("/home/me/.local/state/watchd")
    env["XDG_STATE_HOME"] = "/home/me/state"
    assert default_state_dir(env) == Path("/home/me/state/watchd")
    env["STATE_DIRECTORY"] = "/var/lib/watchd:/var/lib/other"
    assert default_state_dir(env) == Path("/var/lib/watchd")


def test_a_homeless_process_must_name_its_state_directory() -> None:
    with pytest.raises(SettingsError, match="WATCHD_STATE_DIR is not set"):
        load({})
    assert load({"WATCHD_STATE_DIR": "/srv/watchd"}).state_dir == Path("/srv/watchd")
