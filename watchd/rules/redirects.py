"""Where a picture is fetched from: TMDB itself, wsrv.nl in front of it, or an address of one's own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from watchd.model.pictures import Shot

_WSRV = "https://wsrv.nl/?url="
_SMALL = "&w=400&output=webp&q=85&maxage=7d"
_LARGE = "&w=1920&h=1080&fit=cover&output=webp&q=85&maxage=14d"
_NAMED = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Redirects:
    """How addresses are made; `image_url` is the base of TMDB's pictures.

    In a template `{url}` is the address at TMDB, percent-encoded, `{size}` and `{file}` are its parts; the rest says what the
    picture is of, `{season}` being empty where there is none.
    """

    form: str = "direct"
    image_url: str = "https://image.tmdb.org/t/p"
    template: str = ""

    def url(self, shot: Shot, *, large: bool = False) -> str:
        size = "w1280" if shot.backdrop else "w780"
        direct = f"{self.image_url}/{size}{shot.file_path}"
        if self.form == "direct":
            return direct
        quoted = quote(direct, safe="")
        if self.form == "wsrv":
            return f"{_WSRV}{quoted}{_LARGE if large else _SMALL}"
        told = {
            "url": quoted,
            "size": size,
            "file": shot.file_path.lstrip("/"),
            "type": f"{shot.kind}s",
            "category": "backdrops" if shot.backdrop else "posters",
            "tmdb_id": str(shot.tmdb_id),
            "season": "" if shot.season is None else str(shot.season),
        }
        return _filled(self.template, told)


DIRECT = Redirects()


def _filled(template: str, told: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda found: told.get(found[1], ""), template)
