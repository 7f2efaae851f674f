"""The unit file, judged by systemd's own tools; they do so without a running systemd."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.conftest import require_real

UNIT = Path(__file__).parents[2] / "systemd" / "watchd.service"
HIGHEST_EXPOSURE = 1.5

pytestmark = pytest.mark.real


def verify(tmp_path: Path, text: str) -> subprocess.CompletedProcess[str]:
    """Have the unit checked with a program in ExecStart that exists here."""
    unit = tmp_path / "watchd.service"
    text, replaced = re.subn(r"(?m)^ExecStart=\S+", f"ExecStart={require_real('true')}", text)
    assert replaced == 1
    unit.write_text(text, encoding="utf-8")
    analyze = require_real("systemd-analyze")
    return subprocess.run(
        [analyze, "verify", "--man=no", "--recursive-errors=yes", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def exposure(unit: Path) -> tuple[int, float]:
    analyze = require_real("systemd-analyze")
    rated = subprocess.run(
        [analyze, "security", "--offline=true", "--threshold=15", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    score = re.search(r"Overall exposure level for \S+: ([\d.]+)", rated.stdout)
    assert score is not None, rated.stdout + rated.stderr
    return rated.returncode, float(score[1])


def test_the_unit_is_valid(tmp_path: Path) -> None:
    checked = verify(tmp_path, UNIT.read_text(encoding="utf-8"))
    assert checked.returncode == 0, checked.stderr
    assert checked.stderr == ""


@pytest.mark.parametrize(
    "right, wrong",
    [("WatchdogSec=30", "WatchdogSec=soon"), ("ProtectSystem=strict", "ProtectSytsem=strict"), ("Type=notify", "Type=notfy")],
)
def test_a_mistake_in_the_unit_would_be_found(tmp_path: Path, right: str, wrong: str) -> None:
    text = UNIT.read_text(encoding="utf-8")
    assert f"\n{right}\n" in text
    assert verify(tmp_path, text.replace(f"\n{right}\n", f"\n{wrong}\n")).returncode != 0


def test_the_sandbox_leaves_little_exposed() -> None:
    code, score = exposure(UNIT)
    assert code == 0
    assert score <= HIGHEST_EXPOSURE


def test_a_unit_without_its_sandbox_would_be_found(tmp_path: Path) -> None:
    bare = tmp_path / "watchd.service"
    bare.write_text("[Service]\nExecStart=/bin/true\n", encoding="utf-8")
    code, score = exposure(bare)
    assert code != 0
    assert score > HIGHEST_EXPOSURE
