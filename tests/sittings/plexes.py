"""Plex Media Server's webhooks, and Tautulli's with our template."""

from tests.sittings.players import Payload, Player, Request, Scene, bare, bearer, multipart, tells
from tests.sittings.script import Cue
from watchd.standins.items import Episode

_PLEX = {
    Cue.START: "media.play",
    Cue.PAUSE: "media.pause",
    Cue.RESUME: "media.resume",
    Cue.DONE: "media.scrobble",
    Cue.STOP: "media.stop",
    Cue.END: "media.stop",
}
_TAUTULLI = {
    Cue.START: "play",
    Cue.PAUSE: "pause",
    Cue.RESUME: "resume",
    Cue.DONE: "watched",
    Cue.STOP: "stop",
    Cue.END: "stop",
}


def plex_says(scene: Scene) -> Payload:
    """A scrobble has no position, and neither has a play from the beginning."""
    item, cue = scene.item, scene.moment.cue
    about: Payload = {
        "ratingKey": str(item.key[1]),
        "key": f"/library/metadata/{item.key[1]}",
        "guid": f"plex://{item.kind}/{item.key[1]:024x}",
        "Guid": [{"id": f"{name}://{value}"} for name, value in scene.known(item.ids).items()],
        "type": item.kind,
        "title": item.title,
        "summary": "Über alles…",
        "duration": round(scene.runtime * 1000),
        "Role": [{"id": number, "tag": f"Actor {number}"} for number in range(8)],
    }
    if isinstance(item, Episode):
        show = f"{item.show.title} ({item.show.year})"
        about |= {"librarySectionType": "show", "librarySectionTitle": "TV", "grandparentTitle": show}
        about |= {"parentIndex": item.season, "index": item.number, "grandparentGuid": f"plex://show/{item.show.key[1]:024x}"}
    else:
        about |= {"librarySectionType": "movie", "librarySectionTitle": "Films", "year": item.year}
    if cue is not Cue.DONE and scene.moment.position:
        about["viewOffset"] = round(scene.seconds * 1000)
    return {
        "event": _PLEX[cue],
        "user": True,
        "owner": True,
        "Account": {"id": 1, "thumb": "https://plex.tv/users/c0ffee/avatar?c=1", "title": "Ada"},
        "Server": {"title": "attic", "uuid": "5e12ff"},
        "Player": {"local": True, "publicAddress": "198.51.100.7", "title": "Living room", "uuid": "77ab"},
        "Metadata": about,
    }


def _plex_sends(payload: Payload, token: str) -> Request:
    headers = {"User-Agent": "PlexMediaServer/1.42.0.9000-abcdef"}
    thumbed = payload.get("event") == "media.play"
    return multipart(f"/hooks/plex?token={token}", "payload", payload, headers, picture=thumbed)


def tautulli_says(scene: Scene) -> Payload:
    """All values are text; the ids of an episode are its show's."""
    item = scene.item
    numbered = isinstance(item, Episode)
    of_show = item.show if isinstance(item, Episode) else None
    ids = scene.known(of_show.ids if of_show else item.ids)
    return {
        "source": "tautulli",
        "event": _TAUTULLI[scene.moment.cue],
        "user": "Ada",
        "user_id": "1",
        "server": "attic",
        "server_id": "5e12ff",
        "player": "Living room",
        "player_id": "77ab",
        "session": scene.session,
        "library": "TV" if numbered else "Films",
        "library_id": "2" if numbered else "1",
        "live": "0",
        "media_type": item.kind,
        "title": f"{of_show.title} - {item.title}" if of_show else item.title,
        "show": of_show.title if of_show else "",
        "episode_title": item.title if of_show else "",
        "season": str(item.season) if isinstance(item, Episode) else "0",
        "number": str(item.number) if isinstance(item, Episode) else "0",
        "year": "" if isinstance(item, Episode) else str(item.year),
        "show_year": str(of_show.year) if of_show else "",
        "guid": f"plex://{item.kind}/{item.key[1]:024x}",
        "imdb": ids.get("imdb", ""),
        "tvdb": ids.get("tvdb", ""),
        "tmdb": ids.get("tmdb", ""),
        "position_ms": str(round(scene.seconds * 1000)),
        "duration_ms": str(round(scene.runtime * 1000)),
        "percent": str(int(scene.moment.position)),
        "rating": "",
        "time": str(scene.at // 1000),
    }


def _tautulli_posts(payload: Payload, token: str) -> Request:
    return bare("/hooks/tautulli", payload, {"User-Agent": "python-requests/2.32.3", **bearer(token)})


def _tautulli_puts(payload: Payload, token: str) -> Request:
    return bare(f"/hooks/tautulli?token={token}", payload, {"User-Agent": "python-requests/2.32.3"}, method="PUT")


PLEX = Player("plex", "plex", tells("done"), plex_says, _plex_sends)
TAUTULLI = Player("tautulli", "tautulli", tells("done"), tautulli_says, _tautulli_posts)
TAUTULLI_PUT = Player("tautulli by put", "tautulli", tells("done"), tautulli_says, _tautulli_puts)
