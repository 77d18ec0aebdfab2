"""One request in, one answer out; the socket is elsewhere. Only errors of the client become answers."""

from inventory.errors import ApiError, NotFound
from inventory.stock import Stock


def handle(stock: Stock, method: str, path: str, body: dict | None = None) -> tuple[int, dict]:
    try:
        return _route(stock, method, path.strip("/").split("/"), body or {})
    except ApiError as error:
        return error.status, {"error": str(error)}


def _route(stock: Stock, method: str, parts: list[str], body: dict) -> tuple[int, dict]:
    match method, parts:
        case "GET", ["health"]:
            return 200, {"ok": True}
        case "GET", ["stock", warehouse, sku]:
            return 200, stock.level(warehouse, sku)
        case "POST", ["receipts"]:
            return 201, stock.receive(body.get("warehouse", ""), body.get("sku", ""), body.get("quantity"))
        case "POST", ["reservations"]:
            return 201, stock.reserve(body.get("warehouse", ""), body.get("sku", ""), body.get("quantity"))
    raise NotFound(f"nothing at {method} /{'/'.join(parts)}")
