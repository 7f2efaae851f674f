"""Album: which pictures there are, in memory."""

import random
from collections.abc import Iterable

from watchd.model.pictures import Shot
from watchd.store.pictures import ITSELF, Kept, Subject

MOST = 100_000
_Pair = tuple[str | None, str | None]


class Album:
    """Posters and backdrops by subject, season posters by season. What goes beyond `most` movies and shows is left out."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self._pairs: dict[Subject, _Pair | None] = {}
        self._seasons: dict[int, dict[int, str]] = {}
        self._backdrops: list[Subject] | None = None

    @property
    def full(self) -> bool:
        """Whether there is no room for more; a show's seasons count as one."""
        return len(self._pairs) >= self.most

    def fill(self, rows: Iterable[Kept]) -> None:
        """These are all there are."""
        self._pairs.clear()
        self._seasons.clear()
        self._backdrops = None
        for row in rows:
            if row.season == ITSELF:
                self._pairs[row.kind, row.tmdb_id] = (row.poster, row.backdrop) if row.fetched else None
            elif row.poster is not None and row.fetched:
                self._seasons.setdefault(row.tmdb_id, {})[row.season] = row.poster

    def expect(self, subject: Subject) -> None:
        """Something of the library that is to be fetched."""
        if not self.full:
            self._pairs.setdefault(subject, None)

    def put(self, subject: Subject, rows: Iterable[tuple[int, str | None, str | None]]) -> None:
        """What TMDB has of a subject."""
        self.forget(subject)
        for season, poster, backdrop in rows:
            if self.full:
                return
            if season == ITSELF:
                self._pairs[subject] = (poster, backdrop)
            elif poster is not None:
                self._seasons.setdefault(subject[1], {})[season] = poster

    def forget(self, subject: Subject) -> None:
        self._pairs.pop(subject, None)
        self._backdrops = None
        if subject[0] == "show":
            self._seasons.pop(subject[1], None)

    def knows(self, subject: Subject) -> bool:
        return subject in self._pairs

    def fetched(self, subject: Subject) -> bool:
        """Whether TMDB was asked for it, whatever it said."""
        return self._pairs.get(subject) is not None

    def shot(self, kind: str, tmdb_id: int, season: int | None, *, backdrop: bool) -> Shot | None:
        """One picture; None when it is not here."""
        if season is not None:
            path = self._seasons.get(tmdb_id, {}).get(season)
            return None if path is None else Shot(kind, tmdb_id, False, path, season)
        pair = self._pairs.get((kind, tmdb_id))
        path = None if pair is None else pair[backdrop]
        return None if path is None else Shot(kind, tmdb_id, backdrop, path)

    def any_backdrop(self) -> Shot | None:
        """One of all backdrops, each as likely as the others."""
        if self._backdrops is None:
            self._backdrops = [subject for subject, pair in self._pairs.items() if pair is not None and pair[1] is not None]
        if not self._backdrops:
            return None
        return self.shot(*random.choice(self._backdrops), None, backdrop=True)

    def stats(self) -> dict[str, int]:
        """How many there are, in the words of the endpoint."""
        return {
            "moviePosters": self._count("movie", 0),
            "movieBackdrops": self._count("movie", 1),
            "showPosters": self._count("show", 0),
            "showBackdrops": self._count("show", 1),
            "seasonPosters": sum(map(len, self._seasons.values())),
        }

    def progress(self) -> dict[str, int]:
        """Of how much of the library the pictures were found, are none, and are still to be asked for."""
        pairs = list(self._pairs.values())
        waiting = pairs.count(None)
        none = pairs.count((None, None))
        return {"found": len(pairs) - waiting - none, "none": none, "waiting": waiting}

    def _count(self, kind: str, which: int) -> int:
        return sum(1 for (of, _), pair in self._pairs.items() if of == kind and pair is not None and pair[which] is not None)
