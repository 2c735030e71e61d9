"""What an operator copies from deploy/ fits this program."""

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import yaml

from kiosk.fleet.config import ConfigError, FleetConfig, load
from kiosk.fleet.metrics import FleetCollector
from kiosk.fleet.server import Fleet

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture
def metrics(tmp_path: Path) -> set[str]:
    """The names of all metrics, as Prometheus has them."""
    fleet = Fleet(FleetConfig(data_dir=str(tmp_path)))
    fleet.counts = Counter(state=1)
    try:
        return {
            metric.name + ("_total" if metric.type == "counter" else "")
            for metric in FleetCollector(fleet).collect()
        }
    finally:
        fleet.db.close()


def test_the_example_configuration_is_understood() -> None:
    config = load(DEPLOY / "fleet.example.toml")
    assert config.public_url == "https://fleet.example.org:8790"


def test_a_slip_of_the_pen_is_named(tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text("[http]\nprot = 8790\n")
    with pytest.raises(ConfigError, match="prot"):
        load(tmp_path / "fleet.toml")


def test_alert_rules_ask_for_metrics_that_there_are(metrics: set[str]) -> None:
    document = yaml.safe_load((DEPLOY / "prometheus" / "selvkasse.rules.yml").read_text())
    rules = [rule for group in document["groups"] for rule in group["rules"]]
    asked = {name for rule in rules for name in re.findall(r"selvkasse_\w+", rule["expr"])}
    assert asked
    assert asked <= metrics


def test_each_alert_rule_has_a_test_of_its_own() -> None:
    folder = DEPLOY / "prometheus"
    rules = yaml.safe_load((folder / "selvkasse.rules.yml").read_text())
    tests = yaml.safe_load((folder / "selvkasse.rules.test.yml").read_text())["tests"]
    tested = [one for test in tests for one in test["alert_rule_test"]]
    names = {rule["alert"] for group in rules["groups"] for rule in group["rules"]}
    assert {one["alertname"] for one in tested if one["exp_alerts"]} == names


@pytest.mark.skipif(
    shutil.which("promtool") is None,
    reason="promtool is not installed (Debian: prometheus, which would start a server here)",
)
@pytest.mark.parametrize(
    "asked",
    [
        ("check", "rules", "selvkasse.rules.yml"),
        ("check", "config", "prometheus.example.yml"),
        ("test", "rules", "selvkasse.rules.test.yml"),
    ],
)
def test_promtool_finds_them_right(asked: tuple[str, ...]) -> None:
    done = subprocess.run(
        ["promtool", *asked], cwd=DEPLOY / "prometheus", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_asks_for_metrics_that_there_are(metrics: set[str]) -> None:
    dashboard = json.loads((DEPLOY / "grafana" / "selvkasse.json").read_text())
    targets = [one["expr"] for panel in dashboard["panels"] for one in panel["targets"]]
    asked = {name for expr in targets for name in re.findall(r"selvkasse_\w+", expr)}
    assert asked
    assert asked <= metrics
