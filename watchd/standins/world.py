"""The catalogue the stand-ins start with: known titles, with the real ids where they matter to our samples."""

from watchd.standins.catalogue import Catalogue

_MOVIES = (
    ("Guardians of the Galaxy", 2014, 121, "2014-08-01", 28, "tt2015381", 118340),
    ("Heat", 1995, 170, "1995-12-15", 616, "tt0113277", 949),
    ("Indiana Jones and the Dial of Destiny", 2023, 155, "2023-06-30", 221_413, "tt1462764", 335977),
    ("The Matrix", 1999, 136, "1999-03-31", 481, "tt0133093", 603),
    ("Arrival", 2016, 116, "2016-11-11", 210_803, "tt2543164", 329865),
    ("Back to the Future", 1985, 116, "1985-07-03", 71, "tt0088763", 105),
    ("Apollo 13", 1995, 140, "1995-06-30", 447, "tt0112384", 568),
    ("Fight Club", 1999, 139, "1999-10-15", 432, "tt0137523", 550),
    ("True Lies", 1994, 141, "1994-07-15", 23_560, "tt0111503", 36955),
    ("Super 8", 2011, 112, "2011-06-10", 2, "tt1650062", 37686),
    ("Suzume", 2022, 122, "2022-11-11", 779_271, "tt16428256", 916224),
    ("2 Fast 2 Furious", 2003, 107, "2003-06-06", 463, "tt0322259", 584),
)

_BREAKING_BAD = {
    0: ("Good Cop / Bad Cop", "Wedding Day", "TwaüghtHammer"),
    1: (
        "Pilot", "Cat's in the Bag...", "...And the Bag's in the River", "Cancer Man", "Gray Matter",
        "Crazy Handful of Nothin'", "A No-Rough-Stuff-Type Deal",
    ),
    2: (
        "Seven Thirty-Seven", "Grilled", "Bit by a Dead Bee", "Down", "Breakage", "Peekaboo", "Negro y Azul",
        "Better Call Saul", "4 Days Out", "Over", "Mandala", "Phoenix", "ABQ",
    ),
}  # fmt: skip
_GAME_OF_THRONES: dict[int, int | tuple[str, ...]] = {
    0: ("Inside Game of Thrones",),
    1: (
        "Winter Is Coming", "The Kingsroad", "Lord Snow", "Cripples, Bastards, and Broken Things", "The Wolf and the Lion",
        "A Golden Crown", "You Win or You Die", "The Pointy End", "Baelor", "Fire and Blood",
    ),
    2: 10,
}  # fmt: skip
_SEVERANCE = {
    0: ("Inside Severance",),
    1: (
        "Good News About Hell", "Half Loop", "In Perpetuity", "The You You Are", "The Grim Barbarity of Optics and Design",
        "Hide and Seek", "Defiant Jazz", "What's for Dinner?", "The We We Are",
    ),
    2: (
        "Hello, Ms. Cobel", "Goodbye, Mrs. Selvig", "Who Is Alive?", "Woe's Hollow", "Trojan's Horse", "Attila",
        "Chikhai Bardo", "Sweet Vitriol", "The After Hours", "Cold Harbor",
    ),
}  # fmt: skip


def the_world() -> Catalogue:
    """A fresh catalogue; the caller may add to it."""
    world = Catalogue()
    for title, year, runtime, released, trakt, imdb, tmdb in _MOVIES:
        ids = {"trakt": trakt, "imdb": imdb, "tmdb": tmdb}
        world.add_movie(title, year, runtime=runtime, released=released, ids=ids, overview=f"The story of {title}.")
    world.add_movie("An Evening Nobody Dated", None, runtime=88, ids={"trakt": 1_060_999, "imdb": None, "tmdb": None})
    _dramas(world)
    _the_rest(world)
    return world


def _dramas(world: Catalogue) -> None:
    world.add_show(
        "Breaking Bad", 2008, runtime=47, first_aired="2008-01-21T02:00:00Z", seasons=_BREAKING_BAD,
        ids={"trakt": 1, "tvdb": 81189, "imdb": "tt0903747", "tmdb": 1396},
        episode_ids={
            (0, 1): {"trakt": 1_000_001, "imdb": None},
            (0, 2): {"trakt": 2, "tvdb": 3859791, "imdb": "", "tmdb": 62133},
            (1, 1): {"trakt": 16, "tvdb": 349232, "imdb": "tt0959621", "tmdb": 62085},
            (1, 2): {"trakt": 17, "tvdb": 349235, "imdb": "tt1054724", "tmdb": 62086},
            (1, 3): {"trakt": 18, "tvdb": 349236, "imdb": "tt1054725", "tmdb": 62087},
        },
        runtimes={(0, 1): 4, (0, 2): 3, (1, 1): 58},
    )  # fmt: skip
    world.add_show(
        "Game of Thrones", 2011, runtime=57, first_aired="2011-04-18T01:00:00Z", seasons=_GAME_OF_THRONES,
        ids={"trakt": 1390, "tvdb": 121361, "imdb": "tt0944947", "tmdb": 1399},
        episode_ids={(1, 1): {"trakt": 73640, "tvdb": 3254641, "imdb": "tt1480055", "tmdb": 63056}}, runtimes={(1, 1): 62},
    )  # fmt: skip
    world.add_show(
        "Severance", 2022, runtime=50, first_aired="2022-02-18T05:00:00Z", seasons=_SEVERANCE,
        ids={"trakt": 154_997, "tvdb": 371980, "imdb": "tt11280740", "tmdb": 95396}, runtimes={(1, 1): 57, (2, 10): 76},
    )  # fmt: skip
    world.add_show(
        "The Expanse", 2015, runtime=45, seasons={1: 10, 2: 13},
        ids={"trakt": 77_199, "tvdb": 280619, "imdb": "tt3230854", "tmdb": 63639}, episode_ids={(1, 1): {"tvdb": 5534478}},
    )  # fmt: skip
    world.add_show(
        "Hawkeye", 2021, runtime=48, seasons={1: 6}, ids={"trakt": 161_010, "tvdb": 367146, "imdb": "tt10160804", "tmdb": 88329}
    )


def _the_rest(world: Catalogue) -> None:
    world.add_show(
        "Friends", 1994, runtime=22, first_aired="1994-09-23T00:00:00Z", seasons={0: 2, 1: 24, 2: 24},
        ids={"trakt": 1657, "tvdb": 79168, "imdb": "tt0108778", "tmdb": 1668},
        episode_ids={(1, 1): {"tvdb": 303821, "imdb": "tt0583459", "tmdb": 85987}},
    )  # fmt: skip
    world.add_show(
        "Frieren: Beyond Journey's End", 2023, runtime=24, absolute=True, seasons={1: 28, 2: 10},
        ids={"trakt": 195_413, "tvdb": 424536, "imdb": "tt22248376", "tmdb": 209867},
        episode_ids={(1, 1): {"tvdb": 9350138, "imdb": "tt23861604"}},
    )  # fmt: skip
    world.add_show(
        "Doctor Who", 2005, runtime=45, seasons={0: 5, 1: 13},
        ids={"trakt": 63, "tvdb": 78804, "imdb": "tt0436992", "tmdb": 57243},
    )  # fmt: skip
    world.add_show(
        "South Park", 1997, runtime=22, seasons={1: 13, 20: 10}, episode_ids={(20, 1): {"tvdb": 5654976}},
        ids={"trakt": 2156, "tvdb": 75897, "imdb": "tt0121955", "tmdb": 2190},
    )  # fmt: skip
    world.add_show("Something Undated", None, runtime=30, seasons={1: 2}, ids={"trakt": 299_999, "tmdb": None, "imdb": None})
