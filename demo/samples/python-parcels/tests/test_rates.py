"""What a parcel costs."""

from parcels.rates import rate


def test_every_started_kilo_counts():
    assert rate("DE", "1001")["cents"] == 450 + 2 * 60


def test_a_far_country_takes_longer():
    assert rate("jp", "500") == {"country": "JP", "grams": 500, "cents": 3300, "days": 9}
