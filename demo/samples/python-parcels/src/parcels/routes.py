"""One request in, one answer out; the socket is elsewhere. Only errors of the client become answers."""

from parcels.errors import ApiError, NotFound
from parcels.rates import rate


def handle(method: str, path: str) -> tuple[int, dict]:
    try:
        return _route(method, path.strip("/").split("/"))
    except ApiError as error:
        return error.status, {"error": str(error)}


def _route(method: str, parts: list[str]) -> tuple[int, dict]:
    match method, parts:
        case "GET", ["health"]:
            return 200, {"ok": True}
        case "GET", ["rates", country, weight]:
            return 200, rate(country, weight)
    raise NotFound(f"nothing at {method} /{'/'.join(parts)}")
