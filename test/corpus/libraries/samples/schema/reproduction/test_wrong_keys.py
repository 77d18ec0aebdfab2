from pytest import raises

from schema import Schema, SchemaError


def test_a_wrong_key_that_is_a_tuple_is_named():
    with raises(SchemaError) as caught:
        Schema({}).validate({('a', 'b'): 1})
    assert caught.value.code == "wrong keys ('a', 'b') in {('a', 'b'): 1}"


def test_a_wrong_key_that_is_an_empty_tuple_is_named():
    with raises(SchemaError) as caught:
        Schema({}).validate({(): 1})
    assert caught.value.code == "wrong keys () in {(): 1}"
