"""Errors that a client caused and may read."""


class ApiError(Exception):
    """Answered with ``status`` and the message."""

    status = 400


class NotFound(ApiError):
    status = 404


class Invalid(ApiError):
    status = 422
