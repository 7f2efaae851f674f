"""Whether a payload says what it is about: the same for every source, for whether that is enough is decided elsewhere."""

from watchd.model.media import Episode, Media


def nameable(media: Media) -> bool:
    """Whether it has ids, or a title: that of a show must come with something that tells the episode.

    A name that no lookup could find by itself (no season, no number) is a name all the same: the rules say what becomes of it.
    """
    if not isinstance(media, Episode):
        return bool(media.ids) or bool(media.title)
    told = any(value is not None for value in (media.number, media.number_abs, media.title))
    return bool(media.ids) or (told and (bool(media.show.ids) or bool(media.show.title)))
