"""Finished runs without a training: the files that one leaves, with scores that are known."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tagloom.evaluation.evaluating import evaluate_chunks
from tagloom.evaluation.intervals import score_intervals
from tagloom.evaluation.judged import Judged
from tagloom.evaluation.sentence_counts import SentenceCounts
from tagloom.runs.run import Run
from tagloom.runs.toml import write_toml
from tagloom.text import Chunk, JoinedWords, Sentence

OPTIONS: dict[str, Any] = {"algorithm": "bilstm-cnn-crf", "embeddings": "learned:100", "units": 100, "seed": 13}
LENGTH = 4
RIGHT: tuple[Chunk, ...] = ((1, 3, "PNAME"),)
WRONG: tuple[Chunk, ...] = ((0, 1, "PFEATURE"),)


def made_run(
    path: Path,
    found: Sequence[bool],
    *,
    options: dict[str, Any] | None = None,
    words: str = "a",
    parts: Sequence[str] = ("dev", "test"),
    is_old: bool = False,
    reason: str | None = "finished",
) -> Path:
    """A run whose model found the entity of those sentences, and in the others a wrong one.

    Args:
        path: of its folder.
        found: of each sentence whether its entity was found.
        options: in place of the usual ones.
        words: what every word is: other words are another set.
        parts: that it was judged on.
        is_old: whether it kept neither intervals nor counts.
        reason: why it ended; None where it goes on.
    """
    path.mkdir(parents=True)
    run = Run(path)
    write_toml(run.config, {"training": OPTIONS | (options or {}), "data": {"paths": ["train.conll"]}})
    judged = judgement(found, words)
    report = evaluate_chunks(judged.gold, judged.predicted, [LENGTH] * len(found)).to_json()
    if not is_old:
        counts = SentenceCounts.of(judged)
        report["intervals"] = {name: dict(own) for name, own in score_intervals(counts).averages.items()}
        run.counts.write_text(json.dumps(dict.fromkeys(parts, counts.to_json())), "utf-8")
    run.report.write_text(json.dumps({"part": parts[-1], **report, "parts": dict.fromkeys(parts, report)}), "utf-8")
    _train(run, reason)
    return path


def judgement(found: Sequence[bool], words: str) -> Judged:
    sentence = Sentence(" ".join([words] * LENGTH), JoinedWords((words,) * LENGTH))
    predicted = [RIGHT if one else WRONG for one in found]
    nothing: list[list[float]] = [[] for _ in found]
    return Judged([sentence] * len(found), [RIGHT] * len(found), predicted, nothing, nothing)


def _train(run: Run, reason: str | None) -> None:
    """Three epochs, the second of which was the best, and a model of 1,000 bytes."""
    run.events.add("start", epoch=0)
    for epoch in range(3):
        figures = {"loss": 1.0, "dev": {"f1": 0.5}, "seconds": 10.0, "words_per_second": 100.0, "learning_rate": 0.1}
        run.events.add("epoch", epoch=epoch, step=epoch + 1, **figures)
        if epoch < 2:
            run.events.add("best", epoch=epoch, step=epoch + 1, f1=0.5)
    if reason is not None:
        run.events.add("end", reason=reason, **({"error": "no space left"} if reason == "failed" else {}))
    folder = run.models / "00000002-judged"
    folder.mkdir(parents=True)
    (folder / "weights.safetensors").write_bytes(bytes(1000))
    run.model.symlink_to(folder.relative_to(run.path))
