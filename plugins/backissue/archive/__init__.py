"""archive: what is stored, what changed, which pages follow; and how Pelican runs it."""


def register() -> None:
    """Plug the archive into Pelican."""
    from backissue.archive.shell import connect  # noqa: PLC0415 - only a site needs Pelican

    connect()
