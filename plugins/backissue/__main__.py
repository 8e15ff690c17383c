"""``python -m backissue`` is the ``backissue`` command."""

import sys

from backissue.cli import main

sys.exit(main())
