"""The settings: read once, by the command line and the composition root; everybody else gets plain values."""

from watchd.settings.load import load
from watchd.settings.model import Listen, Settings, TmdbSettings, TraktSettings, is_loopback

__all__ = ["Listen", "Settings", "TmdbSettings", "TraktSettings", "is_loopback", "load"]
