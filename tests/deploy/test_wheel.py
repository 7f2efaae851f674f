"""What an installed watchd consists of."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("watchd-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "watchd").rglob("*") if path.is_file()}
    expected = {name for name in package if "__pycache__" not in name}
    assert "watchd/py.typed" in expected
    assert any(name.endswith(".sql") for name in expected)
    assert expected <= names
    assert not {name for name in names if not name.startswith(("watchd/", "watchd-"))}
