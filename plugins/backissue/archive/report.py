"""What a build tells the editor when it is done."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

import msgspec

from backissue.article import Rejected

EXIT_REFUSED: Final = 3  # the site is published, but for some files


class Report(msgspec.Struct, frozen=True):
    """How a build went: articles held, raw files changed and gone, output files, refusals."""

    articles: int
    changed: int
    gone: int
    written: int
    removed: int
    refused: tuple[Rejected, ...]

    @property
    def exit_status(self) -> int:
        """0 where everything was published, EXIT_REFUSED where something was refused."""
        return EXIT_REFUSED if self.refused else 0


def describe(report: Report) -> str:
    """Return the report as lines of text."""
    lines = [
        f"{_many(report.articles, 'article')} published. "
        f"{_many(report.changed, 'raw file')} read, {report.gone} gone; "
        f"{_many(report.written, 'file')} of the site written, {report.removed} removed."
    ]
    if report.refused:
        lines += ["", f"{_many(len(report.refused), 'piece')} could not be published:"]
        lines += describe_refused(report.refused)
        lines += ["", "Everything else is published. docs/refusals.md explains each reason."]
    return "\n".join(lines)


def describe_refused(refused: Sequence[Rejected]) -> list[str]:
    """Return the refusals as lines: where, why, what was seen, what to do."""
    lines = []
    for one in refused:
        lines.append(f"  {one.where}: {one.reason}")
        for part in (one.detail, one.hint):
            if part:
                lines += textwrap.wrap(
                    part, 92, initial_indent="      ", subsequent_indent="      "
                )
    return lines


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
