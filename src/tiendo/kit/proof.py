"""Before an act that binds others a person says once more who they are, when the last time is long ago.

A page or a route of the API takes `@proven`; whom settings name (`PROOF`) knows how long ago it was, and where to say it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

LOOKS = {"GET", "HEAD", "OPTIONS"}
Rest = ParamSpec("Rest")
Answer = TypeVar("Answer")


def proven(
    view: Callable[Concatenate[Any, Rest], Answer],
) -> Callable[Concatenate[Any, Rest], Answer]:
    """Looking is free; the act itself waits for a fresh proof, and what was typed waits with it."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> Answer:
        if request.method not in LOOKS:
            import_string(settings.PROOF)(request)
        return view(request, *args, **kwargs)

    return guarded
