"""What can be done about a model, each with the command that does it."""

import shlex
from typing import Any

from tagloom.evaluation.diagnosis.diagnosis import CORRECT, CURVE, LOOK, TRAIN, Action
from tagloom.evaluation.diagnosis.evidence import Evidence

_MOST_DROPOUT, _LEAST_DROPOUT = 0.7, 0.2


def train_with(evidence: Evidence, text: str, name: str, **options: Any) -> Action:
    """The same training with some options changed.

    Args:
        evidence: of the training.
        text: what it means.
        name: behind the model's, for the folder of the new run.
        options: by name.
    """
    pairs = " ".join(f"--set {option}={value}" for option, value in options.items())
    return Action(text, _again(evidence, f"{pairs} -o {evidence.model}-{name}"), TRAIN, options)


def more_epochs(evidence: Evidence) -> Action:
    """Twice as many."""
    if not evidence.again:
        return Action("Train longer.", kind=TRAIN)
    epochs = 2 * max(5, int(evidence.options.get("epochs", len(evidence.history))))
    return train_with(evidence, f"Train longer: {epochs} epochs.", f"epochs-{epochs}", epochs=epochs)


def larger_network(evidence: Evidence) -> Action:
    """More units: four times as many where there are few."""
    units = max(100, 2 * _number(evidence, "units", 100))
    return train_with(evidence, f"A larger LSTM: {units} units per direction.", f"units-{units}", units=units)


def smaller_network(evidence: Evidence) -> Action:
    """Half the units."""
    units = max(8, _number(evidence, "units", 100) // 2)
    return train_with(evidence, f"A smaller LSTM: {units} units per direction.", f"units-{units}", units=units)


def more_dropout(evidence: Evidence) -> Action:
    """More noise in training; of the recurrent kind where the other is high already."""
    dropout = float(evidence.options.get("dropout", 0.5))
    if dropout < _MOST_DROPOUT:
        more = round(min(_MOST_DROPOUT, dropout + 0.15), 2)
        return train_with(evidence, f"More dropout: {more}.", f"dropout-{more}", dropout=more)
    return train_with(evidence, "Recurrent dropout: 0.25.", "recurrent-dropout", recurrent_dropout=0.25)


def less_dropout(evidence: Evidence) -> Action | None:
    """Less noise in training; None where there is little."""
    dropout = float(evidence.options.get("dropout", 0.5))
    if dropout <= _LEAST_DROPOUT:
        return None
    less = round(max(_LEAST_DROPOUT, dropout - 0.2), 2)
    return train_with(evidence, f"Less dropout: {less}.", f"dropout-{less}", dropout=less)


def higher_learning_rate(evidence: Evidence) -> Action:
    """Three times as fast."""
    if not evidence.again:
        return Action("A higher learning rate.", kind=TRAIN)
    rate = 3 * float(evidence.options.get("learning_rate", 0.001))
    return train_with(evidence, f"A higher learning rate: {rate:g}.", f"rate-{rate:g}", learning_rate=f"{rate:g}")


def lower_learning_rate(evidence: Evidence) -> Action:
    """A third of it, which then falls to 0."""
    rate = float(evidence.options.get("learning_rate", 0.001)) / 3
    return train_with(
        evidence,
        f"A lower learning rate that falls to 0: {rate:.2g}.",
        f"rate-{rate:.2g}",
        learning_rate=f"{rate:.2g}",
        schedule="linear",
    )


def other_algorithm(evidence: Evidence) -> Action | None:
    """The part of the best network that this one lacks; None where it lacks none."""
    algorithm = str(evidence.options.get("algorithm", ""))
    if evidence.options.get("characters", "auto") != "auto" or evidence.options.get("decoder", "auto") != "auto":
        return None
    lacks = {
        "bilstm-softmax": "Another algorithm: characters show what unknown words look like, a CRF what may follow.",
        "bilstm-crf": "Another algorithm: characters show what unknown words look like.",
        "bilstm-cnn": "Another algorithm: a CRF knows which tag may follow which.",
    }
    if algorithm not in lacks:
        return None
    best = "bilstm-cnn-crf"
    return train_with(evidence, lacks[algorithm], best, algorithm=best)


def pretrained_embedding(evidence: Evidence) -> Action:
    """Vectors of words that the training part lacks."""
    text = "Another embedding, learned from far more text than this: vectors of GloVe, word2vec or fastText."
    if not evidence.pretrained:
        return Action("Another pretrained embedding, learned from more text or from text like this.")
    first = evidence.pretrained[0]
    options = f"--embedding {shlex.quote(first)} -o {evidence.model}-pretrained"
    return Action(text, _again(evidence, options), TRAIN, {"embeddings": first})


def weigh_outside_less(evidence: Evidence) -> Action:
    """Makes the model bolder."""
    return train_with(
        evidence,
        "Let words outside entities count for less, so that it dares more.",
        "bolder",
        label_weights="O=0.5",
    )


def learning_curve(evidence: Evidence) -> Action:
    """Trains on shares of the data."""
    return Action(
        "Find out whether more data would help, before labelling any.",
        f"tagloom learning-curve {evidence.model}" if evidence.again else "",
        CURVE,
    )


def larger_batches(evidence: Evidence) -> Action:
    """Twice as large, and 64 sentences at least."""
    size = max(64, 2 * _number(evidence, "batch_size", 0))
    return train_with(evidence, f"Larger batches: {size} sentences.", f"batch-{size}", batch_size=size)


def more_seeds(evidence: Evidence) -> Action:
    """The same training three times."""
    return Action(
        "Measure how much of the score is luck: three seeds.",
        _again(evidence, f"--seeds 3 -o {evidence.model}-seeds"),
        TRAIN,
        {"seeds": 3},
    )


def label_errors(evidence: Evidence) -> Action:
    """Lists what is probably labelled wrongly."""
    return Action(
        "List the labels that are most probably wrong, and correct them.",
        f"tagloom errors {evidence.data} -o {evidence.model}-errors.csv",
        CORRECT,
    )


def look_at_errors(evidence: Evidence, what: str) -> Action:
    """The errors with their sentences."""
    return Action(f"Look at {what} in {evidence.page or 'the page of --report'}, which lists every error.", kind=LOOK)


def train_anew(evidence: Evidence) -> Action:
    """The same training with the data as it is then."""
    return Action("Then train anew.", _again(evidence, f"-o {evidence.model}-2"), TRAIN)


def present(*offered: Action | None) -> tuple[Action, ...]:
    """Those that there are."""
    return tuple(action for action in offered if action is not None)


def _again(evidence: Evidence, options: str) -> str:
    """The command that trains anew with these options; none where Tagloom did not train the model."""
    return f"{evidence.again} {options}" if evidence.again else ""


def _number(evidence: Evidence, option: str, otherwise: int) -> int:
    value = evidence.options.get(option, otherwise)
    return int(value) if isinstance(value, int | float) else otherwise
