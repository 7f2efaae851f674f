"""The samples for Prometheus: what they name exists, and Prometheus's own tool accepts them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import generate_latest

from tests.conftest import require_real
from watchd.telemetry.metrics import Metrics

SAMPLES = Path(__file__).parents[2] / "deploy" / "prometheus"
ENDINGS = ("", "_total", "_bucket", "_count", "_sum")


def promtool(*arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [require_real("promtool"), *arguments], input=stdin, capture_output=True, cwd=SAMPLES, timeout=60, check=False
    )


def exposed(metrics: Metrics) -> set[str]:
    return {family.name + ending for family in metrics.registry.collect() for ending in ENDINGS}


@pytest.mark.parametrize("name", ["scrape.yml", "alerts.yml", "alerts_test.yml"])
def test_a_sample_names_only_metrics_that_exist(name: str, metrics: Metrics) -> None:
    parsed = yaml.safe_load((SAMPLES / name).read_text(encoding="utf-8"))
    named = set(re.findall(r"\b(?:watchd|process|python)_\w+", str(parsed))) - {"watchd_read_token"}
    assert named <= exposed(metrics)
    assert named or name == "scrape.yml"


def test_every_alert_says_what_is_wrong_and_is_tested() -> None:
    rules = [
        rule
        for group in yaml.safe_load((SAMPLES / "alerts.yml").read_text(encoding="utf-8"))["groups"]
        for rule in group["rules"]
    ]
    for rule in rules:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["for"]
        assert set(rule["annotations"]) == {"summary", "description"}
    tests = yaml.safe_load((SAMPLES / "alerts_test.yml").read_text(encoding="utf-8"))["tests"]
    cases = [case for test in tests for case in test["alert_rule_test"]]
    assert {rule["alert"] for rule in rules} == {case["alertname"] for case in cases if "exp_alerts" in case}


def test_every_file_of_the_folder_is_looked_at_here() -> None:
    assert {path.name for path in SAMPLES.iterdir()} == {"scrape.yml", "alerts.yml", "alerts_test.yml"}


@pytest.mark.real
@pytest.mark.parametrize(
    "arguments", [("check", "config", "scrape.yml"), ("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml")]
)
def test_promtool_accepts_the_samples(arguments: tuple[str, ...]) -> None:
    judged = promtool(*arguments)
    assert judged.returncode == 0, (judged.stdout + judged.stderr).decode()


@pytest.mark.real
def test_promtool_would_find_an_alert_that_does_not_fire(tmp_path: Path) -> None:
    for name in ("alerts.yml", "alerts_test.yml"):
        shutil.copy(SAMPLES / name, tmp_path)
    alerts = tmp_path / "alerts.yml"
    alerts.write_text(
        alerts.read_text(encoding="utf-8").replace("watchd_outbox_held == 1", "watchd_outbox_held == 2"), encoding="utf-8"
    )
    assert promtool("test", "rules", str(tmp_path / "alerts_test.yml")).returncode != 0


@pytest.mark.real
def test_promtool_finds_our_metrics_well_named(metrics: Metrics) -> None:
    metrics.delivery_seconds.labels("trakt").observe(1)
    metrics.http_seconds.labels("/api/watching", "GET").observe(0.001)
    judged = promtool("check", "metrics", stdin=generate_latest(metrics.registry))
    assert judged.returncode == 0, (judged.stdout + judged.stderr).decode()


@pytest.mark.real
def test_promtool_would_find_a_badly_named_metric() -> None:
    bad = b"# HELP watchd_wait_milliseconds Waits.\n# TYPE watchd_wait_milliseconds counter\nwatchd_wait_milliseconds 1\n"
    assert promtool("check", "metrics", stdin=bad).returncode != 0
