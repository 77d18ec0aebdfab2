from parcels.routes import handle


def test_health():
    assert handle("GET", "/health") == (200, {"ok": True})


def test_a_rate_is_answered():
    assert handle("GET", "/rates/DE/900")[0] == 200


def test_a_weight_must_be_a_number():
    assert handle("GET", "/rates/DE/heavy")[0] == 422


def test_unknown_routes_are_not_found():
    assert handle("POST", "/rates")[0] == 404
