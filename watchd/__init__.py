"""watchd: a local-first scrobble and now-watching daemon."""

__version__ = "0.1.0"
