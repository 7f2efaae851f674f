"""What to paste into which media center, and whether it can reach us there."""

from urllib.parse import quote, urlsplit

from watchd.settings import Listen

_PLEX = "{base}/hooks/plex?token={token}"


def base_url(url: str, public_url: str | None) -> str:
    """The address to give to others: the public one where it is set."""
    return public_url or url


def advice(url: str, token: str, listen: Listen, public_url: str | None) -> str:
    """The text `watchd hooks` prints, and `watchd run` on a terminal."""
    base, safe = base_url(url, public_url), quote(token, safe="")
    lines = [
        "",
        f"watchd listens at {url}",
        "",
        "Plex (needs Plex Pass): Settings > Account > Webhooks > Add Webhook, and paste",
        f"  {_PLEX.format(base=base, token=safe)}",
        "  The server must be allowed to send push notifications (Settings > Server > General).",
        "",
        "Scripts and anything that speaks Trakt's scrobble format: POST to",
        f"  {base}/trakt/scrobble/start, /pause, /stop and {base}/trakt/checkin",
        f"  with the header  Authorization: Bearer {token}",
        "",
        "If these players are connected to Trakt in another way too (Trakt's own Plex webhook or sync, script.trakt, a Trakt",
        "plugin), turn that off: Trakt would record every play twice.",
        "",
        f"The card: {base}/api/watching",
        "",
    ]
    return "\n".join([*lines, *_reach(listen, public_url, base)])


def _reach(listen: Listen, public_url: str | None, base: str) -> list[str]:
    """The warning for a listener that other hosts cannot reach."""
    if not listen.loopback:
        if public_url is None and urlsplit(base).hostname in ("127.0.0.1", "::1"):
            return ["From another host, put this machine's name or address in place of 127.0.0.1.", ""]
        return []
    if public_url is not None:
        return []
    return [
        "These addresses work on this machine only. If the media center runs on another host, or in a container, listen on",
        "the network and restart:  WATCHD_LISTEN=0.0.0.0:7373 watchd run",
        "",
    ]
