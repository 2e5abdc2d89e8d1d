"""The process that tells the parts of functions apart, as `analyzers.metrics.child` measures files."""

from __future__ import annotations

from analyzers.metrics.child import serve
from analyzers.metrics.measure import languages
from analyzers.metrics.parts import Parts, PartsTask, tell


def main() -> None:
    """Answer until standard input ends."""
    known = languages()

    def measure(task: PartsTask) -> list[Parts]:
        return tell(known[task[0]], task)

    serve(list[PartsTask], measure)


if __name__ == "__main__":
    main()
