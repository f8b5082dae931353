"""Whose turn it is at a desk: acts count up, one after another."""

from django.db.models import F

from tiendo.intake.models import Intake


def take_turn(intake: Intake) -> int:
    """The next turn of this desk: two people who act at one desk act one after the other."""
    Intake.objects.filter(pk=intake.pk).update(turn=F("turn") + 1)
    turn: int = Intake.objects.values_list("turn", flat=True).get(pk=intake.pk)
    intake.turn = turn
    return turn
