"""Where pictures are redirected to."""

from watchd.model.pictures import Shot
from watchd.rules.redirects import Redirects

POSTER = Shot("movie", 27205, False, "/abc.jpg")
SEASON = Shot("show", 1396, False, "/s1.jpg", 1)
BACKDROP = Shot("show", 1396, True, "/wide.jpg")


def test_tmdb_itself_gives_posters_of_780_and_backdrops_of_1280() -> None:
    direct = Redirects()
    assert direct.url(POSTER) == "https://image.tmdb.org/t/p/w780/abc.jpg"
    assert direct.url(SEASON) == "https://image.tmdb.org/t/p/w780/s1.jpg"
    assert direct.url(BACKDROP) == direct.url(BACKDROP, large=True) == "https://image.tmdb.org/t/p/w1280/wide.jpg"


def test_wsrv_makes_them_small() -> None:
    wsrv = Redirects("wsrv")
    assert wsrv.url(POSTER) == (
        "https://wsrv.nl/?url=https%3A%2F%2Fimage.tmdb.org%2Ft%2Fp%2Fw780%2Fabc.jpg&w=400&output=webp&q=85&maxage=7d"
    )
    assert wsrv.url(BACKDROP, large=True).endswith("&w=1920&h=1080&fit=cover&output=webp&q=85&maxage=14d")


def test_a_template_is_filled_with_what_is_known() -> None:
    mine = Redirects(
        "template", "https://tmdb.test/p", "https://cdn.test/{type}/{category}/{tmdb_id}/{season}?u={url}&f={file}"
    )
    assert mine.url(SEASON) == ("https://cdn.test/shows/posters/1396/1?u=https%3A%2F%2Ftmdb.test%2Fp%2Fw780%2Fs1.jpg&f=s1.jpg")
    assert mine.url(BACKDROP).startswith("https://cdn.test/shows/backdrops/1396/?u=")
