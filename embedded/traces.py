"""Whether the trace viewer is asked for, and under which name it is found."""

from collections.abc import Mapping

ASKED_FOR = "LIANHE_TRACES"
"""The setting that ``lianhe up --traces`` is."""
ADDRESS = "traces"
"""The viewer's name among the addresses of what runs."""
_NO = frozenset({"", "0", "false", "no", "off"})


def are_asked_for(environ: Mapping[str, str]) -> bool:
    """Tell whether the trace viewer is to run: by any value of the setting that isn't a no."""
    return environ.get(ASKED_FOR, "").strip().lower() not in _NO
