import pytest

from tiendo.orgs import matching


@pytest.fixture(autouse=True)
def _names_are_read_again():
    """Each test has units of its own; the names of the last test are forgotten."""
    matching.forget()
    yield
    matching.forget()


@pytest.fixture
def form(cast):
    """A registration form filled in by the office."""
    return {
        "text": "The Ministry of Rivers shall clear the backlog by 31 March 2026.",
        "title": "Conclusion of the first session",
        "symbol": "12-KL/TW",
        "issuer": "Steering Committee",
        "issued_on": "2025-01-20",
        "language": "en",
        "unit": cast.committee.pk,
        "secrecy": "open",
    }
