"""Weights as clients write them."""

from parcels.errors import Invalid

HEAVIEST = 31_500


def read_grams(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= HEAVIEST:
        raise Invalid(f"a weight is a whole number of grams from 1 to {HEAVIEST}")
    return int(text)
