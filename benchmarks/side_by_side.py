"""Tagloom beside sklearn-crfsuite, spaCy, Flair and a plain PyTorch loop: training, quality, prediction, by turns.

Each is a process of its own, and only one computes at a time; each learns an epoch, then the next one does. The first
14,041 sentences of the Kaggle corpus are learned from, the next 3,250 are judged on. `scripts/bench` makes the
environment of the peers and runs this.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from corpora import first_kaggle_sentences
from figures import show_table

from tagloom import Sentence
from tagloom.evaluation.evaluating import evaluate_tags
from tagloom.schemes import BIO

PEERS = Path(__file__).resolve().parent / "peers"
NUM_TRAIN, NUM_TEST = 14_041, 3_250
NEAR = 0.3
"""Points of F1 within which a score counts as reached."""


@dataclass(frozen=True)
class Entry:
    """One who takes part.

    Args:
        name: as tables have it.
        program: in `peers`.
        times: that it learns.
        options: further arguments.
        anew: whether it begins anew each time, rather than going on.
        reads_text: whether it divides text itself.
        scores: whether its entities have scores, and it is asked for them.
    """

    name: str
    program: str
    times: int
    options: Sequence[str] = ()
    anew: bool = False
    reads_text: bool = True
    scores: bool = False


_SIX_EPOCHS = "schedule=linear", "learning_rate=0.003", "epochs=6"
ENTRIES = (
    Entry("Tagloom", "tagloom_tagger.py", 6, _SIX_EPOCHS, scores=True),
    Entry("Tagloom, softmax", "tagloom_tagger.py", 6, ("algorithm=bilstm-cnn", *_SIX_EPOCHS), scores=True),
    Entry("Tagloom, words", "tagloom_tagger.py", 6, ("algorithm=bilstm-crf", *_SIX_EPOCHS), scores=True),
    Entry("sklearn-crfsuite", "crfsuite.py", 4, anew=True, reads_text=False),
    Entry("spaCy", "spacy_ner.py", 6),
    Entry("Flair", "flair_tagger.py", 4),
    Entry("plain loop", "plain_loop.py", 8, reads_text=False),
)


@dataclass
class Measured:
    """What was measured of an entry.

    Args:
        versions: of what computes.
        preparing: seconds before it first learned.
        learning: seconds of each time that it learned.
        f1: after each time, strict micro F1 on the test part, in per cent.
        predicting: seconds of each round, by what was asked.
        one: seconds of single texts.
    """

    versions: Mapping[str, str]
    preparing: float
    learning: list[float] = field(default_factory=list)
    f1: list[float] = field(default_factory=list)
    predicting: dict[str, list[float]] = field(default_factory=dict)
    one: list[float] = field(default_factory=list)


class Contestant:
    """The process of an entry."""

    def __init__(self, entry: Entry, python: Path, parts: Path, seed: int, gold: Sequence[Sequence[str]]) -> None:
        self.entry, self._gold = entry, gold
        command = [str(python), str(PEERS / entry.program), str(parts), str(seed), *entry.options]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        began = self._answer()
        self.measured = Measured({name: began[name] for name in began if name != "seconds"}, began["seconds"])

    def __enter__(self) -> "Contestant":
        return self

    def __exit__(self, *exception: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)

    def ask(self, asked: str, **request: Any) -> dict[str, Any]:
        """Its answer to a request."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"ask": asked, **request}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.entry.name}: ended with status {self._process.wait()}; see above.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def learn(self) -> None:
        """Learns once more and is judged."""
        self.measured.learning.append(self.ask("learn")["seconds"])
        self.ask("ready")
        tags = self.ask("tags", part="test", wanted=True)["tags"]
        self.measured.f1.append(100 * evaluate_tags(self._gold, tags, scheme=BIO, mode="strict").micro.f1)
        print(f"{self.entry.name}: {self.measured.learning[-1]:.1f} s, F1 {self.measured.f1[-1]:.2f}", file=sys.stderr)

    def predict(self, asked: str) -> None:
        """One round of prediction on the training part's sentences."""
        seconds = self.ask(asked, part="train", wanted=False)["seconds"]
        self.measured.predicting.setdefault(asked, []).append(seconds)


def main() -> None:
    """Prints tables and, with --json, the same as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, required=True, help="Python of the environment that the peers are in")
    parser.add_argument("--only", nargs="*", help="names of some entries")
    parser.add_argument("--rounds", type=int, default=2, help="of prediction, after one that warms up")
    parser.add_argument("--times", type=int, help="at most, that each learns")
    parser.add_argument("--singles", type=int, default=1000, help="texts that are read alone")
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    sentences = first_kaggle_sentences(NUM_TRAIN + NUM_TEST)
    train, test = sentences[:NUM_TRAIN], sentences[NUM_TRAIN:]
    with ExitStack() as stack:
        parts = Path(stack.enter_context(tempfile.TemporaryDirectory()), "parts.json")
        parts.write_text(json.dumps({"train": _part(train), "test": _part(test)}))
        contestants = [
            stack.enter_context(
                Contestant(entry, _python(entry, asked.peers), parts, asked.seed, [one.tags(BIO) for one in test])
            )
            for entry in ENTRIES
            if not asked.only or entry.name in asked.only
        ]
        for time in range(max(contestant.entry.times for contestant in contestants)):
            for contestant in contestants:
                if time < min(contestant.entry.times, asked.times or contestant.entry.times):
                    contestant.learn()
        for _ in range(asked.rounds + 1):  # in the first, words and buffers are met that later ones find
            for contestant in contestants:
                contestant.predict("tags")
                if contestant.entry.scores:
                    contestant.predict("scored")
                if contestant.entry.reads_text:
                    contestant.predict("entities")
        for contestant in contestants:
            contestant.measured.one = contestant.ask("one", part="test", number=asked.singles)["seconds"]
    num_words = sum(len(sentence.tokens) for sentence in train)
    described = f"{len(train):,} sentences, {num_words:,} words; judged on {len(test):,}; seed {asked.seed}"
    rows = {one.entry.name: _row(one.entry, one.measured, num_words) for one in contestants}
    versions = {
        f"{one.entry.name}: {name}": version for one in contestants for name, version in one.measured.versions.items()
    }
    curves = {one.entry.name: {"seconds": one.measured.learning, "f1": one.measured.f1} for one in contestants}
    show_table(described, rows, versions, as_json=asked.json, more={"curves": curves})


def _python(entry: Entry, peers: Path) -> Path:
    return Path(sys.executable) if entry.program.startswith("tagloom") else peers


def _part(sentences: Sequence[Sentence]) -> dict[str, Any]:
    return {"words": [one.words for one in sentences], "tags": [one.tags(BIO) for one in sentences]}


def _row(entry: Entry, measured: Measured, num_words: int) -> dict[str, float]:
    final = measured.f1[-1]
    seconds = measured.learning if entry.anew else np.cumsum(measured.learning).tolist()
    near = next(spent for spent, f1 in zip(seconds, measured.f1, strict=True) if f1 >= final - NEAR)
    per_second = {name: num_words / min(rounds[1:]) for name, rounds in measured.predicting.items()}
    row = {
        "F1": final,
        "training words/s": num_words / (seconds[-1] if entry.anew else median(measured.learning)),
        "seconds to F1 - 0.3": near + measured.preparing,
        "words to tags/s": per_second["tags"],
    }
    if entry.scores:
        row["with scores/s"] = per_second["scored"]
    if entry.reads_text:
        row["text to entities/s"] = per_second["entities"]
    row |= {"one text, ms": 1e3 * median(measured.one), "99th, ms": 1e3 * float(np.quantile(measured.one, 0.99))}
    return row


if __name__ == "__main__":
    main()
