"""pytest plugin: what stays together, and what begins first, when processes share the work.

xdist's own `--dist loadgroup` writes the group into the test's name, which pytest no longer allows (xdist 3.8.0 with
pytest 9.2.0: every test runs wherever there is room).
"""

import pytest

JOURNEYS = "tests/journeys/"
FAULTS = "tests/faults/"
NO_PORTAL = f"{JOURNEYS}test_accessibility.py"


def companions(nodeid: str) -> str:
    """Tests of a file share its fixtures; the journeys share one running portal as well."""
    path = nodeid.split("::")[0]
    return JOURNEYS if path.startswith(JOURNEYS) and path != NO_PORTAL else path


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """The longest first, so that nobody waits for them alone in the end."""
    items.sort(key=lambda item: not item.nodeid.startswith((JOURNEYS, FAULTS)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return companions(nodeid)

    config.option.loadscopereorder = False
    return Scheduling(config, log)
