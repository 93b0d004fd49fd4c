"""Which key an address needs: what is not named here needs an admin's."""

from tagloom.serving.state.keys import Scope

PUBLIC = frozenset({"/health/live", "/health/ready", "/v2/health/live", "/v2/health/ready", "/docs", "/openapi.json"})
"""What anybody may read: that the server is there, and how it is asked, which says nothing of its models."""

PUBLIC_FOLDER = "/docs/"
"""The files that the page at `/docs` is made of."""

PREDICTING = frozenset({"predict", "stream", "infer"})
"""What the addresses end with that texts are sent to."""

_READING = ("GET", "HEAD")


def needed_scope(method: str, path: str) -> Scope | None:
    """The scope that a key needs for a request; None where it needs no key.

    Example:
        >>> needed_scope("POST", "/v1/models/production/predict"), needed_scope("DELETE", "/v1/models/production")
        (<Scope.predict: 'predict'>, <Scope.admin: 'admin'>)
    """
    if method in _READING:
        return None if path in PUBLIC or path.startswith(PUBLIC_FOLDER) else Scope.predict
    if method == "POST" and path.rpartition("/")[2] in PREDICTING:
        return Scope.predict
    return Scope.admin
