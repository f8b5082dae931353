from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from tiendo.kit import clock


class PeopleConfig(AppConfig):
    name = "tiendo.people"
    label = "people"

    def ready(self) -> None:
        user_logged_in.disconnect(dispatch_uid="update_last_login")  # it reads another clock
        user_logged_in.connect(note_sign_in, dispatch_uid="tiendo.people.note_sign_in")


def note_sign_in(user: Any, **_sent: object) -> None:
    """When they last came in, by the clock of the house: a story's is another than the machine's."""
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])
