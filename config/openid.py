"""The OpenID Connect providers of this instance: those whose names stand in `VECU_OIDC`, none by default."""

from __future__ import annotations

import re

from config import env
from vecu.core.openid import Provider

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


def providers() -> dict[str, Provider]:
    """By name; what is missing or wrong is said with everything else at start-up."""
    names = env.words("VECU_OIDC", "", "Names of the OpenID Connect providers of professionals: chu,psc")
    return {name: _provider(name) for name in names if _is_name(name)}


def _is_name(name: str) -> bool:
    if not NAME.fullmatch(name):
        env.problems.append(f"VECU_OIDC: {name!r} must be small letters, digits and hyphens")
        return False
    return True


def _provider(plain: str) -> Provider:
    name = plain.upper().replace("-", "_")
    issuer = env.required(f"VECU_OIDC_{name}_ISSUER", "its issuer, exactly as its discovery document says")
    if issuer and not issuer.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        env.problems.append(f"VECU_OIDC_{name}_ISSUER must begin with https://")
    return Provider(
        name=plain,
        issuer=issuer,
        client_id=env.required(f"VECU_OIDC_{name}_CLIENT", "the client identifier it gave to this instance"),
        client_secret=env.required(f"VECU_OIDC_{name}_SECRET", "the secret that goes with it; better as a file"),
        label=env.required(f"VECU_OIDC_{name}_LABEL", "what the button calls it: « CHU de Valmont »"),
        label_en=env.text(f"VECU_OIDC_{name}_LABEL_EN", "", "The same in English, when it differs"),
        second_factor=tuple(
            env.words(
                f"VECU_OIDC_{name}_TWO_FACTORS", "", "Values of acr that mean two factors there; else ours is asked"
            )
        ),
        scope=env.text(f"VECU_OIDC_{name}_SCOPE", "openid", "What is asked of it; nothing but the subject is kept"),
    )
