"""The settings of the published site: those of pelicanconf.py, and its address."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from pelicanconf import *  # noqa: F403

SITEURL = "https://backissue.example"
# Others show a picture beside a link to an article: it needs the address, and is drawn for
# readers only.
BACKISSUE = {**BACKISSUE, "pictures": True}  # noqa: F405
