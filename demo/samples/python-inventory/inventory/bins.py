"""One bin: how many pieces of one article lie in one warehouse."""

from dataclasses import dataclass

from inventory.errors import Conflict


@dataclass
class Bin:
    sku: str
    quantity: int = 0
    reserved: int = 0

    @property
    def available(self) -> int:
        return self.quantity - self.reserved

    def receive(self, quantity: int) -> None:
        self.quantity += quantity

    def reserve(self, quantity: int) -> None:
        if quantity > self.available:
            raise Conflict(f"only {self.available} of {self.sku} are available")
        self.reserved += quantity
