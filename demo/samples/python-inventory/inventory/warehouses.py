"""Warehouses and their bins, in memory."""

from __future__ import annotations

from inventory.bins import Bin
from inventory.errors import NotFound


class Warehouse:
    def __init__(self, name: str) -> None:
        self.name = name
        self._bins: dict[str, Bin] = {}

    def find_bin(self, sku: str) -> Bin | None:
        """The bin of an article, or None when it was never stocked here."""
        return self._bins.get(sku)

    def bin_for(self, sku: str) -> Bin:
        """The bin of an article; an empty one is set up for an article that is new here."""
        return self._bins.setdefault(sku, Bin(sku))


class Warehouses:
    def __init__(self, names: list[str]) -> None:
        self._by_name = {name: Warehouse(name) for name in names}

    def get(self, name: str) -> Warehouse:
        if name not in self._by_name:
            raise NotFound(f"no warehouse {name}")
        return self._by_name[name]
