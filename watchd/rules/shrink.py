"""The shrink guard: a list that suddenly lost much of itself is believed only when a second full read agrees."""

from watchd.clock import HOUR
from watchd.model.library import Section

SECOND_LOOK = 6 * HOUR
"""How long after a suspicious read the second one is made; what is wrong at Trakt for a while is mended by then."""

_FEW = 25
_PART = 4


def suspicious(before: int, after: int) -> bool:
    """Whether so much went at once that Trakt may be at fault: more than 25 rows, and more than a quarter of them.

    So a list of up to 25 rows may be emptied at once, and one of thousands only with a second look.
    """
    lost = before - after
    return lost > _FEW and lost > before // _PART


def confirmed(section: Section, rows: int, now: int) -> bool:
    """Whether a second full read, long enough after the first one that was doubted, says about the same."""
    if section.doubt_rows is None or section.doubt_at is None or now - section.doubt_at < SECOND_LOOK:
        return False
    return not suspicious(section.doubt_rows, rows) and not suspicious(rows, section.doubt_rows)
