"""What can be asked and done with stock."""

from inventory.quantities import read_quantity
from inventory.warehouses import Warehouses


class Stock:
    def __init__(self, warehouses: Warehouses) -> None:
        self._warehouses = warehouses

    def level(self, warehouse: str, sku: str) -> dict:
        found = self._warehouses.get(warehouse).find_bin(sku)
        return {
            "sku": sku,
            "quantity": found.quantity,
            "reserved": found.reserved,
            "available": found.available,
        }

    def receive(self, warehouse: str, sku: str, quantity: object) -> dict:
        self._warehouses.get(warehouse).bin_for(sku).receive(read_quantity(quantity))
        return self.level(warehouse, sku)

    def reserve(self, warehouse: str, sku: str, quantity: object) -> dict:
        self._warehouses.get(warehouse).bin_for(sku).reserve(read_quantity(quantity))
        return self.level(warehouse, sku)
