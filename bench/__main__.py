"""`python -m bench`: measure every line of the plan's table on speed and size, or say what is not built yet."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench import documents, goals, hooks, idle, images, reads, searches, sync, syncing
from bench.goals import LINES, Line
from bench.load import WrongAnswer
from bench.measure import FULL, QUICK, Effort, Measured
from bench.process import NotStarted
from bench.report import Result, heading, text, write
from bench.rig import Rig, rigged

OUT = Path(__file__).parent / "out"
MEASURES: dict[Line, Callable[[Rig], Measured]] = {
    goals.WATCHING: reads.watching,
    goals.DOCUMENTS: documents.documents,
    goals.UNCHANGED: documents.unchanged,
    goals.SEARCH: searches.searches,
    goals.GROWTH: searches.growth,
    goals.IMAGES: images.images,
    goals.HOOK_JSON: hooks.json_hooks,
    goals.HOOK_MULTIPART: hooks.multipart_hooks,
    goals.HANGING: hooks.hanging,
    goals.SYNCING: syncing.syncing,
    goals.MEMORY: idle.memory,
    goals.START: idle.start,
    goals.SYNC_NOTHING: sync.nothing,
    goals.SYNC_ONE: sync.one_play,
    goals.SYNC_FIRST: sync.first,
}


def measure(effort: Effort, only: str | None, out: Path) -> int:
    """Measure, print, write `latest.json`; 0 also where a goal was missed, 1 when an answer was wrong."""
    results: list[Result] = []
    print(heading(), flush=True)
    try:
        with rigged(out, effort) as rig:
            for line in LINES:
                if only is None or line.row == only:
                    measured = MEASURES[line](rig) if line in MEASURES else None
                    results.append(Result(line, measured))
                    print(text(results[-1]), flush=True)
    except (WrongAnswer, NotStarted) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    write(results, out / "latest.json")
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer pairs: a first look in well under a minute")
    parser.add_argument("--row", choices=[line.row for line in LINES], help="measure this row alone")
    given = parser.parse_args(arguments)
    return measure(QUICK if given.quick else FULL, given.row, OUT)


if __name__ == "__main__":
    sys.exit(main())
