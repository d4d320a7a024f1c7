"""Health of a process whose consumers change while it runs: those of the build that is live count, no others."""

from collections.abc import Sequence

from kit.health import Health, Progress


class BuildHealth(Health):
    """The components that keep one build up to date."""

    @property
    def components(self) -> Sequence[Progress]:
        """Return what each of them tells about itself."""
        return tuple(self._components)


class FollowingHealth(Health):
    """The health of a process that follows the pointer to the live build."""

    def show(self, build: BuildHealth) -> None:
        """Count the components of a build."""
        self._components.extend(build.components)

    def hide(self, build: BuildHealth) -> None:
        """Count them no longer."""
        gone = {id(one) for one in build.components}
        self._components[:] = [one for one in self._components if id(one) not in gone]
