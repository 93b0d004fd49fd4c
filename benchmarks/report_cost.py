"""What a report over 50,000 sentences costs beside the prediction that it needs: seconds, and the most memory.

The sentences are those of the Kaggle corpus, its first ones once more where it has fewer. The report has everything:
intervals, calibration, every error, and its page.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime
from corpora import first_kaggle_sentences
from figures import show

from tagloom import Known, judge, load, report_page


def main() -> None:
    """Prints a table or, with --json, JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--sentences", type=int, default=50_000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sentences = first_kaggle_sentences(asked.sentences)
    sentences += sentences[: asked.sentences - len(sentences)]
    predictor = load(asked.model, threads=asked.threads)
    words = [sentence.words for sentence in sentences]
    predictor.chunks(words)  # so that the words are known, as they are in use
    began = time.perf_counter()
    predictor.chunks(words)
    predicted = time.perf_counter()
    known = Known.of(sentences[:14_041])
    judged = time.perf_counter()
    report = judge(predictor, sentences, known)
    drawn = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        report_page("Report", {"test": report}, temperature=predictor.temperature).write(page)
        size = page.stat().st_size
    ended = time.perf_counter()
    errors = len(report.details.failures) if report.details is not None else 0
    figures = {
        "prediction, seconds": predicted - began,
        "judging, prediction included, seconds": drawn - judged,
        "page, seconds": ended - drawn,
        "report over prediction": (ended - judged) / (predicted - began),
        "sentences with an error": errors,
        "page, MB": size / 1e6,
        "most memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
        "strict micro F1, per cent": 100 * report.micro.f1,
    }
    described = f"{len(sentences):,} sentences, {sum(map(len, words)):,} words, {asked.threads} threads"
    show(described, figures, {"onnxruntime": onnxruntime.__version__, "numpy": np.__version__}, as_json=asked.json)


if __name__ == "__main__":
    main()
