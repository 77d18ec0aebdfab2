import pytest

from inventory.routes import handle
from inventory.stock import Stock
from inventory.warehouses import Warehouses


@pytest.fixture
def stock():
    return Stock(Warehouses(["berlin", "malmo"]))


def receipt(quantity):
    return {"warehouse": "berlin", "sku": "bolt", "quantity": quantity}


def test_health(stock):
    assert handle(stock, "GET", "/health") == (200, {"ok": True})


def test_a_receipt_is_answered_with_the_new_level(stock):
    assert handle(stock, "POST", "/receipts", receipt(5)) == (
        201,
        {"sku": "bolt", "quantity": 5, "reserved": 0, "available": 5},
    )


def test_the_level_counts_reservations(stock):
    handle(stock, "POST", "/receipts", receipt(5))
    handle(stock, "POST", "/reservations", receipt(2))
    assert handle(stock, "GET", "/stock/berlin/bolt")[1]["available"] == 3


def test_too_large_a_reservation_is_a_conflict(stock):
    handle(stock, "POST", "/receipts", receipt(1))
    assert handle(stock, "POST", "/reservations", receipt(2))[0] == 409


def test_an_unknown_warehouse_is_not_found(stock):
    assert handle(stock, "GET", "/stock/oslo/bolt")[0] == 404


def test_a_quantity_must_be_a_whole_number(stock):
    assert handle(stock, "POST", "/receipts", receipt("many"))[0] == 422


def test_unknown_routes_are_not_found(stock):
    assert handle(stock, "DELETE", "/stock/berlin/bolt")[0] == 404
