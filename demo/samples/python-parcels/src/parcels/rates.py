"""What a parcel costs."""

from parcels.weights import read_grams
from parcels.zones import find_zone


def rate(country: str, weight: str) -> dict:
    grams = read_grams(weight)
    zone = find_zone(country)
    kilos = -(-grams // 1000)
    return {
        "country": country.upper(),
        "grams": grams,
        "cents": zone.base_cents + kilos * zone.cents_per_kilo,
        "days": zone.days,
    }
