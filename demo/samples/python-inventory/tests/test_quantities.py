import pytest

from inventory.errors import Invalid
from inventory.quantities import LARGEST, read_quantity


@pytest.mark.parametrize("value", [1, 40, LARGEST])
def test_whole_numbers_in_range(value):
    assert read_quantity(value) == value


@pytest.mark.parametrize("value", [0, -1, LARGEST + 1, 1.5, "3", None, True])
def test_everything_else_is_refused(value):
    with pytest.raises(Invalid):
        read_quantity(value)
