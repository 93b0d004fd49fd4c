"""What each tagger under comparison can be asked, as a process that answers one request a line.

It imports nothing but the standard library, so that it runs in every environment. A request is JSON on standard input,
`{"ask": NAME, ...}`; the answer is JSON on what was standard output, which the libraries themselves cannot reach.
"""

import json
import os
import random
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypedDict

Words = list[list[str]]
"""The words of each sentence."""
Tags = list[list[str]]
"""One BIO tag a word."""


class Part(TypedDict):
    """Labelled sentences."""

    words: Words
    tags: Tags


class Contestant(ABC):
    """One tagger: made from its training part, which it has not yet learned from."""

    @abstractmethod
    def learn(self) -> None:
        """Learns once more from the whole training part; a tagger without such epochs, for longer than before."""

    @abstractmethod
    def ready(self) -> None:
        """Does what it takes to go from learning to prediction, outside of every measurement."""

    @abstractmethod
    def tags(self, sentences: Words) -> Tags:
        """What it finds in sentences."""

    def in_bio(self, tags: Tags) -> Tags:
        """What `tags` gave, in BIO where it is not; outside of every measurement."""
        return tags

    def scored_chunks(self, sentences: Words) -> int:
        """How many entities it finds in sentences, each with a score; one that gives no scores is not asked."""
        raise NotImplementedError

    def entities(self, texts: list[str]) -> int:
        """How many entities it finds in plain texts; one that divides no text is not asked."""
        raise NotImplementedError

    @abstractmethod
    def one(self) -> Callable[[str], object]:
        """What reads one text, from tokenising (where it does that) to entities."""

    @abstractmethod
    def versions(self) -> Mapping[str, str]:
        """Of what computes."""


def answer(make: Callable[[Part, int], Contestant]) -> None:
    """Answers requests until there are none; the first argument names a JSON file of parts, the second is the seed."""
    parts: dict[str, Part] = json.loads(Path(sys.argv[1]).read_text())
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    random.seed(int(sys.argv[2]))
    began = time.perf_counter()
    contestant = make(parts["train"], int(sys.argv[2]))
    print(json.dumps({"seconds": time.perf_counter() - began, **contestant.versions()}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(_answer(contestant, parts, json.loads(line))), file=answers, flush=True)


def _answer(contestant: Contestant, parts: Mapping[str, Part], request: Mapping[str, Any]) -> dict[str, Any]:
    asked = request["ask"]
    if asked == "learn":
        return {"seconds": _seconds(contestant.learn)}
    if asked == "ready":
        return {"seconds": _seconds(contestant.ready)}
    sentences = parts[request["part"]]["words"]
    if asked == "tags":
        found: list[Tags] = []
        seconds = _seconds(lambda: found.append(contestant.tags(sentences)))
        return {"seconds": seconds, **({"tags": contestant.in_bio(found[0])} if request["wanted"] else {})}
    if asked == "scored":
        return {"seconds": _seconds(lambda: contestant.scored_chunks(sentences))}
    texts = [" ".join(words) for words in sentences]
    if asked == "entities":
        return {"seconds": _seconds(lambda: contestant.entities(texts))}
    assert asked == "one", asked
    read = contestant.one()
    return {"seconds": [_seconds(lambda text=text: read(text)) for text in texts[: request["number"]]]}


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
