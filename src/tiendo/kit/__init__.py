"""What every room shares: refusals, dates, the clock, the question of permission."""

from tiendo.kit.refusals import ChangedMeanwhile, Forbidden, Invalid, Refused

__all__ = ["ChangedMeanwhile", "Forbidden", "Invalid", "Refused"]
