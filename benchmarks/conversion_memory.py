"""A file of a gigabyte converted from JSON lines to CoNLL and back: seconds and the most memory that each took."""

import argparse
import sys
import tempfile
from pathlib import Path

from figures import seconds_and_peak, show

from tagloom.data import write
from tagloom.data.packaged import camera_reviews


def grow(path: Path, size: int) -> None:
    """Repeats what a file holds until it has so many bytes."""
    content = path.read_bytes()
    with path.open("ab") as stream:
        while stream.tell() < size:
            stream.write(content)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bytes", type=int, default=10**9, help="how large each file is")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for source, target in (("conll", "jsonl"), ("jsonl", "conll")):
            large = Path(folder) / f"large.{source}"
            write(camera_reviews().train, large, format={"jsonl": "json_lines"}.get(source, source))
            grow(large, asked.bytes)
            converted = Path(folder) / f"converted.{target}"
            command = [sys.executable, "-m", "tagloom", "data", "convert", str(large), str(converted)]
            seconds, peak = seconds_and_peak(command)
            figures |= {f"{source} to {target}, s": seconds, f"{source} to {target}, peak MiB": peak}
            large.unlink()
            converted.unlink()
    show(f"Converting {asked.bytes:,} bytes", figures, {"python": sys.version.split()[0]}, as_json=asked.json)


if __name__ == "__main__":
    main()
