from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """OWASP's smaller cost: 40 ms and 19 MiB a sign-in, so that a morning's rush is not a denial of service."""

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
