"""The settings: read once, by the command line and the composition root; everybody else gets plain values."""

from watchd.settings.groups import AccountSettings, HooksSettings, TmdbSettings, TraktSettings, WatcherSettings
from watchd.settings.load import load
from watchd.settings.model import Settings
from watchd.settings.values import Listen, is_loopback

__all__ = [
    "AccountSettings",
    "HooksSettings",
    "Listen",
    "Settings",
    "TmdbSettings",
    "TraktSettings",
    "WatcherSettings",
    "is_loopback",
    "load",
]
