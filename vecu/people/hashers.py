"""Password hashing within the memory of a small server."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 46 MiB, two passes, one lane.

    Django's default (100 MiB, eight lanes) needs 800 MiB when eight people sign in at once; this is OWASP's
    first choice of parameters.
    """

    memory_cost = 46 * 1024
    time_cost = 2
    parallelism = 1
