"""Personal data in what is shown: enough to recognise the shape, not the person."""

from __future__ import annotations

from typing import Any

_PERSONAL = frozenset({"email", "external_user_id", "first_name", "last_name", "phone", "birth_date"})


def masked(value: Any, key: str = "") -> Any:
    """``value`` with texts under personal keys reduced to their first character."""
    if isinstance(value, dict):
        return {name: masked(item, name) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [masked(item, key) for item in value]
    if isinstance(value, str) and key in _PERSONAL and value:
        return value[0] + "***"
    return value
