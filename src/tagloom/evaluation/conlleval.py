"""The output of the CoNLL shared tasks' script `conlleval`, line for line (Tjong Kim Sang & Buchholz 2000)."""

from collections.abc import Iterable

from tagloom.evaluation.columns import TagColumns, read_columns
from tagloom.evaluation.counts import Counts, count, total
from tagloom.evaluation.reading import read_chunks
from tagloom.evaluation.tokens import count_right
from tagloom.schemes import BIO


def conlleval(lines: Iterable[str], name: str) -> str:
    r"""What the perl script prints for these lines.

    Where tags are ill-formed, or written in BIOES or BILOU, chunks are read as in `Scheme.decode_leniently`: the
    script's own reading, but for neighbours such as `S-PNAME S-PNAME`, which the script, older than these schemes,
    takes for one chunk.

    Args:
        lines: word, further columns, gold tag and predicted tag, as `columns.read_columns` takes them.
        name: the file's name, for messages.

    Returns:
        The script's lines, each with its `\n`; figures are per cent.

    Raises:
        DataError: the lines cannot be read; see `columns.read_columns`.

    Example:
        >>> print(conlleval(["A O O", "Sony B-PNAME B-PNAME", "D90 I-PNAME O"], "tags.txt"), end="")
        processed 3 tokens with 1 phrases; found: 1 phrases; correct: 0.
        accuracy:  66.67%; precision:   0.00%; recall:   0.00%; FB1:   0.00
                    PNAME: precision:   0.00%; recall:   0.00%; FB1:   0.00  1
    """
    columns = read_columns(lines, name)
    gold = read_chunks(columns.gold, scheme=BIO, mode="conlleval", side="gold")
    predicted = read_chunks(columns.predicted, scheme=BIO, mode="conlleval", side="predicted")
    counts = count(gold, predicted)
    rows = [*_head(columns, total(counts.values())), *(_row(label, one) for label, one in counts.items())]
    return "".join(f"{row}\n" for row in rows)


def _head(columns: TagColumns, counts: Counts) -> list[str]:
    num_tokens = sum(map(len, columns.gold))
    accuracy = _percentage(count_right(*columns), num_tokens)
    return [
        f"processed {num_tokens} tokens with {counts.gold} phrases; "
        f"found: {counts.predicted} phrases; correct: {counts.correct}.",
        f"accuracy: {accuracy:6.2f}%; {_figures(counts)}",
    ]


def _row(label: str, counts: Counts) -> str:
    indent = " " * (17 - len(label.encode()))  # the script pads bytes, not characters
    return f"{indent}{label}: {_figures(counts)}  {counts.predicted}"


def _figures(counts: Counts) -> str:
    """Precision, recall and F1, computed in the script's order so that the last digit is rounded alike."""
    precision = _percentage(counts.correct, counts.predicted)
    recall = _percentage(counts.correct, counts.gold)
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return f"precision: {precision:6.2f}%; recall: {recall:6.2f}%; FB1: {f1:6.2f}"


def _percentage(part: float, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
