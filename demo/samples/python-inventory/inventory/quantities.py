"""Quantities as clients send them."""

from inventory.errors import Invalid

LARGEST = 100_000


def read_quantity(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid("quantity must be a whole number")
    if not 1 <= value <= LARGEST:
        raise Invalid(f"quantity must be between 1 and {LARGEST}")
    return value
