"""The tables of the store. All of it can be derived again from ``content/``."""

from __future__ import annotations

from typing import Final

SCHEMA_VERSION: Final = 7

SCHEMA: Final = """
-- What a stage made of its input, under the digest of (input, code, settings). The values are
-- large and their keys in no order: they are put one after the other, and the index is apart.
CREATE TABLE memo (stage TEXT NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL);
CREATE UNIQUE INDEX memo_by_key ON memo (stage, key);

-- The raw files as they were at the last build, and why some could not be published.
CREATE TABLE source (
    name TEXT PRIMARY KEY, stamp BLOB NOT NULL, cleaned BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE refused (source TEXT PRIMARY KEY, list BLOB NOT NULL) WITHOUT ROWID;

-- The pictures that raw files ask for, there or not.
CREATE TABLE beside (
    source TEXT, picture TEXT, PRIMARY KEY (source, picture)
) WITHOUT ROWID;

-- The catalogue: articles, their topics, what their pages refer to, counts of all that.
CREATE TABLE entry (
    key TEXT PRIMARY KEY, source TEXT NOT NULL, month TEXT NOT NULL, date TEXT NOT NULL,
    wish TEXT NOT NULL, slug TEXT NOT NULL, title_key TEXT NOT NULL,
    article BLOB NOT NULL, derived BLOB NOT NULL, brief BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX entry_by_date ON entry (month, date, key);
CREATE INDEX entry_by_source ON entry (source);
CREATE INDEX entry_by_wish ON entry (month, wish);
CREATE INDEX entry_by_slug ON entry (month, slug);
CREATE INDEX entry_by_title ON entry (title_key);
CREATE TABLE entry_topic (
    topic TEXT, month TEXT, date TEXT, key TEXT, PRIMARY KEY (topic, month, date, key)
) WITHOUT ROWID;
CREATE TABLE reference (
    title_key TEXT, key TEXT, PRIMARY KEY (title_key, key)
) WITHOUT ROWID;
CREATE TABLE further (
    key TEXT, place INTEGER, other TEXT NOT NULL, score REAL NOT NULL, why TEXT NOT NULL,
    shares BLOB NOT NULL, PRIMARY KEY (key, place)
) WITHOUT ROWID;
CREATE INDEX further_by_other ON further (other);
-- Which articles tell one event: the key of the first one names it, its month is with it.
CREATE TABLE story (
    key TEXT PRIMARY KEY, head TEXT NOT NULL, month TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX story_by_head ON story (head);
CREATE INDEX story_by_month ON story (month, head);
-- topic '' counts the articles of a month
CREATE TABLE tally (
    month TEXT, topic TEXT, count INTEGER NOT NULL, PRIMARY KEY (month, topic)
) WITHOUT ROWID;
CREATE TABLE pair (
    month TEXT, one TEXT, other TEXT, count INTEGER NOT NULL, PRIMARY KEY (month, one, other)
) WITHOUT ROWID;

-- What was published: the files of the output folder under the digest of what they show;
-- the files in which its two trees may differ; the articles that changed since.
CREATE TABLE output (path TEXT PRIMARY KEY, shows BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE differs (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE pending (key TEXT PRIMARY KEY, old BLOB) WITHOUT ROWID;
CREATE TABLE fact (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
"""
