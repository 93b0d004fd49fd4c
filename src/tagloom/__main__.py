"""`python -m tagloom`."""

import sys

from tagloom.cli.main import main

sys.exit(main())
