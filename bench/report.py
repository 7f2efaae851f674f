"""The report: a table to read, and the same as JSON."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bench.goals import Line
from bench.measure import Measured


@dataclass(frozen=True, slots=True)
class Result:
    """A line with what was measured; nothing was for what is not built yet."""

    line: Line
    measured: Measured | None

    def met(self) -> bool | None:
        return None if self.measured is None else self.line.goal.met(round(self.measured.ratio, 3))

    def row(self) -> dict[str, object]:
        line, measured = self.line, self.measured
        row: dict[str, object] = {"row": line.row, "about": line.about, "goal": str(line.goal), "unit": line.unit}
        if measured is None:
            return row | {
                "ratio": None, "ours": None, "bare": None, "met": None, "note": f"not built yet: waits for {line.missing}",
            }  # fmt: skip
        return row | {
            "ratio": round(measured.ratio, 3),
            "ours": round(measured.ours, 3),
            "bare": round(measured.bare, 3),
            "met": self.met(),
            "lowest": round(min(measured.ratios), 3),
            "highest": round(max(measured.ratios), 3),
            "pairs": len(measured.ratios),
            "note": measured.note,
        }


def heading() -> str:
    return f"{'row':<21} {'ratio':>7} {'spread':>13} {'goal':<14} {'':<6} {'ours':>9} {'bare':>9} unit"


def text(result: Result) -> str:
    """One line of the table, and its note in a second one."""
    line, measured, met = result.line, result.measured, result.met()
    if measured is None:
        return f"{line.row:<21} {'-':>7} {'-':>13} {line.goal!s:<14} not built yet: waits for {line.missing}"
    spread = f"{min(measured.ratios):.2f}-{max(measured.ratios):.2f}"
    shown = (
        f"{line.row:<21} {measured.ratio:>7.2f} {spread:>13} {line.goal!s:<14} {'met' if met else 'MISSED':<6} "
        f"{measured.ours:>9.1f} {measured.bare:>9.1f} {line.unit}"
    )
    return shown + (f"\n{'':<21} {measured.note}" if measured.note else "")


def write(results: Iterable[Result], file: Path) -> None:
    """The JSON, for those who compare."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"rows": [result.row() for result in results]}, indent=1) + "\n", encoding="utf-8")
