import pytest

from inventory.bins import Bin
from inventory.errors import Conflict


def test_a_new_bin_is_empty():
    assert Bin("bolt").available == 0


def test_received_pieces_are_available():
    found = Bin("bolt")
    found.receive(10)
    assert found.available == 10


def test_reserved_pieces_are_not_available():
    found = Bin("bolt", quantity=10)
    found.reserve(4)
    assert (found.quantity, found.reserved, found.available) == (10, 4, 6)


def test_no_more_can_be_reserved_than_is_available():
    found = Bin("bolt", quantity=3)
    with pytest.raises(Conflict):
        found.reserve(4)
    assert found.reserved == 0
