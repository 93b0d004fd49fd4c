"""Requests a second beside a bare FastAPI route, latency at half that load, and words a second of large requests.

`python benchmarks/serving/throughput.py MODEL`; ratios come from one run, each pair measured turn by turn.
"""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from servers import echo, tagloom
from wrk import Load, load

from tagloom import Document
from tagloom import load as load_model
from tagloom.tokenize import sentences

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from figures import best_of, show

TEXT = "The new Sony CE-7RM3 has a remarkable eye autofocus but its menu is odd and the grip is too small ."
CONNECTIONS = 32


def main() -> None:
    """Prints a table and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=None)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    options = [] if asked.workers is None else ["--workers", str(asked.workers)]
    with echo() as bare, tagloom(asked.model, *options) as server:
        ours, theirs, half = _requests(f"{bare.address}/echo", _predict(server.address), asked)
        words = _words(_predict(server.address), asked)
        memory = server.memory()
    alone = _predictor_alone(asked.model)
    ratios = [mine.requests_per_second / other.requests_per_second for mine, other in zip(ours, theirs, strict=True)]
    figures = {
        "bare FastAPI echo, requests/s": median(each.requests_per_second for each in theirs),
        "tagloom, requests/s": median(each.requests_per_second for each in ours),
        "tagloom over bare FastAPI": median(ratios),
        "half load, requests/s": half.requests_per_second,
        "half load, median ms": half.median,
        "half load, 99th percentile ms": half.p99,
        "half load, 99th percentile over median": half.p99 / half.median,
        "100-document requests, words/s": words,
        "Predictor alone, words/s": alone,
        "100-document requests over Predictor": words / alone,
        "memory of all processes, MiB": memory,
        "failed requests": sum(each.errors for each in (*ours, *theirs, half)),
    }
    title = f"{len(TEXT.split())} words a text, {CONNECTIONS} connections, {asked.rounds} rounds of {asked.seconds} s"
    versions = {name: version(name) for name in ("fastapi", "uvicorn", "uvloop", "httptools", "onnxruntime")}
    show(title, figures, versions, as_json=asked.json)


def _predict(address: str) -> str:
    return f"{address}/v1/models/production/predict"


def _requests(echo_address: str, address: str, asked: argparse.Namespace) -> tuple[list[Load], list[Load], Load]:
    body = _body([TEXT])
    for each in (echo_address, address):
        load(each, body, seconds=2)  # so that both are warm
    ours: list[Load] = []
    theirs: list[Load] = []
    for _ in range(asked.rounds):
        theirs.append(load(echo_address, body, connections=CONNECTIONS, seconds=asked.seconds))
        ours.append(load(address, body, connections=CONNECTIONS, seconds=asked.seconds))
    rate = median(each.requests_per_second for each in ours) / 2
    delay = (
        1000 * CONNECTIONS / rate - min(each.median for each in ours) / 4
    )  # what a request itself takes at half load
    return ours, theirs, load(address, body, connections=CONNECTIONS, seconds=asked.seconds, mean_delay=delay)


def _words(address: str, asked: argparse.Namespace) -> float:
    """Words a second of requests with 100 documents, from so many connections that a reader never waits."""
    num_words = 100 * sum(len(sentence.words) for sentence in sentences(Document(TEXT)))
    loads = [load(address, _body([TEXT] * 100), connections=4, seconds=asked.seconds) for _ in range(asked.rounds)]
    return num_words * median(each.requests_per_second for each in loads)


def _predictor_alone(model: str) -> float:
    """Words a second of the predictor itself on the same documents, with all processors."""
    predictor = load_model(model)
    documents = [Document(TEXT)] * 100
    num_words = 100 * sum(len(sentence.words) for sentence in sentences(Document(TEXT)))
    list(predictor.documents(documents))
    return 20 * num_words / best_of(5, lambda: [list(predictor.documents(documents)) for _ in range(20)])


def _body(texts: Sequence[str]) -> Any:
    return {"documents": [{"text": text} for text in texts]}


if __name__ == "__main__":
    main()
