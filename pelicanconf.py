"""The site's settings. docs/operators.md explains those of backissue."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "plugins"))  # `pelican content` works without an installed package

from backissue.archive.shell import ArchivePelican  # noqa: E402

SITENAME = "The Back Issue"
SITESUBTITLE = "Technology news, month by month"
SITEURL = ""  # publishconf.py has the site's own address
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "themes/broadsheet"
RELATIVE_URLS = True

PELICAN_CLASS = ArchivePelican
PLUGIN_PATHS = ["plugins"]
PLUGINS = ["backissue.archive"]
CACHE_PATH = str(HERE / ".backissue")
BACKISSUE: dict[str, object] = {}

# The archive has feeds of its own (feeds/…); Pelican's would need every article in memory.
FEED_ALL_ATOM = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None

PAGE_PATHS = ["pages"]
PAGE_URL = "{slug}/"
PAGE_SAVE_AS = "{slug}/index.html"
STATIC_PATHS = ["images"]

# Text that comes from archived files is escaped unless a template says that it is HTML.
JINJA_ENVIRONMENT = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
