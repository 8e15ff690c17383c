"""backissue: raw archived articles in, a searchable monthly archive site out."""

__version__ = "0.1.0"
