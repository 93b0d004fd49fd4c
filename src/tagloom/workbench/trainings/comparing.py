"""What the process of a comparison does: it holds runs against each other, which takes the processor a while.

Its task has the `names` of the runs and the `paths` of their folders. Runs there alone.
"""

import json
import sys
from typing import Any

from tagloom.errors import TagloomError
from tagloom.runs.comparison import compare
from tagloom.runs.comparison_page import comparison_page
from tagloom.workbench.pages.blocks import sections_json
from tagloom.workbench.programs import own_task


def main() -> None:
    """Does what standard input says, and tells on standard output."""
    task = own_task()
    try:
        comparison = compare(task["paths"], task["names"])
        said: dict[str, Any] = {
            "figures": comparison.to_json(),
            "sections": sections_json(comparison_page(comparison).sections),
        }
    except TagloomError as error:
        said = {"refused": str(error)}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    main()
