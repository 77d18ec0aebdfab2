"""Which zone a country lies in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Zone:
    name: str
    base_cents: int
    cents_per_kilo: int
    days: int


HOME = Zone("home", 450, 60, 2)
NEAR = Zone("near", 900, 140, 4)
FAR = Zone("far", 2400, 900, 9)

_ZONES = {"DE": HOME, "AT": NEAR, "DK": NEAR, "FR": NEAR, "JP": FAR, "US": FAR}


def find_zone(country: str) -> Zone | None:
    """The zone of a country that is served; None for every other."""
    return _ZONES.get(country.upper())
