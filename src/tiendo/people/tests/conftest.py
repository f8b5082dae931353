import pytest

GOOD = "a long enough password"


@pytest.fixture
def counted(settings, monkeypatch):
    """Every hash computed, with the hasher of real use made cheap."""
    from tiendo.people.hashers import Argon2

    settings.PASSWORD_HASHERS = ["tiendo.people.hashers.Argon2"]
    monkeypatch.setattr(Argon2, "time_cost", 1)
    monkeypatch.setattr(Argon2, "memory_cost", 8)
    hashes = []
    for name in ("encode", "verify"):
        real = getattr(Argon2, name)

        def spy(self, *given, real=real, name=name):
            hashes.append(name)
            return real(self, *given)

        monkeypatch.setattr(Argon2, name, spy)
    return hashes


@pytest.fixture
def mai(db):
    """Somebody with a name, an address and a password, who reads French."""
    from tiendo.people.models import Person

    person = Person(username="mai", name="Mai Trần", email="mai@rivers.example", language="fr")
    person.set_password(GOOD)
    person.save()
    return person


@pytest.fixture
def sign_in(client):
    """Through the real door."""

    def sign_in(login="mai", password=GOOD, **more):
        return client.post("/account/login/", {"login": login, "password": password}, **more)

    return sign_in
