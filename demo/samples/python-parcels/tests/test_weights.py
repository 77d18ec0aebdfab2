import pytest

from parcels.errors import Invalid
from parcels.weights import read_grams


def test_a_weight_is_read_in_grams():
    assert read_grams("2500") == 2500


@pytest.mark.parametrize("text", ["0", "-3", "31501", "much"])
def test_other_weights_are_refused(text):
    with pytest.raises(Invalid):
        read_grams(text)
