"""A collection of deliveries beside the checkout, when there is one: every row of its index must come out as it says."""

from pathlib import Path

import pytest

from watchd.cli.replay import INDEX, became, read_index
from watchd.cli.replayed import Row, differences

COLLECTION = Path(__file__).parents[3] / "shared" / "payloads"
ROWS = read_index(COLLECTION) if (COLLECTION / INDEX).is_file() else []


@pytest.mark.skipif(not ROWS, reason="no collection of payloads at ../shared/payloads beside the checkout")
@pytest.mark.parametrize("row", [pytest.param(row, id=row["file"]) for row in ROWS])
def test_a_collected_delivery_becomes_what_its_index_says(row: Row) -> None:
    assert differences(row, became(COLLECTION, row)) == []
