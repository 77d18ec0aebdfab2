import pytest

from inventory.errors import NotFound
from inventory.warehouses import Warehouses


def test_an_unknown_warehouse_is_not_found():
    with pytest.raises(NotFound):
        Warehouses(["berlin"]).get("oslo")


def test_a_bin_is_set_up_once():
    berlin = Warehouses(["berlin"]).get("berlin")
    assert berlin.bin_for("bolt") is berlin.bin_for("bolt")


def test_asking_sets_up_nothing():
    berlin = Warehouses(["berlin"]).get("berlin")
    assert berlin.find_bin("bolt") is None
    assert berlin.find_bin("bolt") is None
