"""Trains the model that comes with the package, on the packaged camera reviews, and puts it into the gallery.

    .venv/bin/python scripts/gallery_model.py [FILE.loom]

On one machine with the same versions it gives the same bytes; another processor may round the last bits otherwise.
"""

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tagloom.bundle.write import pack
from tagloom.data.packaged import camera_reviews
from tagloom.runs.config import TrainingConfig
from tagloom.training.train import train
from tagloom.workbench.gallery.packaged import PATH

OPTIONS: dict[str, Any] = {"embeddings": "learned:80", "units": 75, "device": "cpu", "threads": 1}
"""The default algorithm, a little narrower than by default, so that the package stays small."""

MOST_BYTES = 2_000_000


def main() -> int:
    """Trains, packs, and says what came of it; returns the exit status."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else PATH
    with tempfile.TemporaryDirectory(prefix="tagloom-gallery-") as scratch:
        run = train(camera_reviews(), Path(scratch, "run"), TrainingConfig(**OPTIONS))
        report = json.loads(run.report.read_text("utf-8"))
        target.unlink(missing_ok=True)
        pack(run.model, target)
    content = target.read_bytes()
    print(f"{target}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")
    for name, score in [*report["labels"].items(), ("micro", report["micro"])]:
        print(f"{report['part']} {name}: F1 {score['f1']:.4f} of {score['support']}")
    if len(content) > MOST_BYTES:
        print(f"expected at most {MOST_BYTES:,} bytes. Make it narrower.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
