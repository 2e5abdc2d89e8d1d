"""The process that measures functions in earlier versions of their files, as `analyzers.metrics.child` does files."""

from __future__ import annotations

from analyzers.metrics.child import serve
from analyzers.metrics.earlier import EarlierTask, complexities
from analyzers.metrics.measure import languages


def main() -> None:
    """Answer until standard input ends."""
    known = languages()

    def measure(task: EarlierTask) -> list[int | None]:
        path, language, content, places = task
        return complexities(path, known[language], content, places)

    serve(list[EarlierTask], measure)


if __name__ == "__main__":
    main()
