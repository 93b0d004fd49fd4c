"""The model card: what the model is, in words, for whoever opens its folder."""

from collections.abc import Mapping
from typing import Any

from tagloom.bundle.bundle import Bundle
from tagloom.bundle.format import EIGHT_BITS
from tagloom.embeddings.embedding import Embedding
from tagloom.features.word_index import FOLDED, HASHED, LOWER, SURFACE, WordIndex

_FORMS: Mapping[str, str] = {
    FOLDED: "in lower case, every digit as a zero",
    LOWER: "in lower case",
    SURFACE: "as they are written",
    HASHED: "every digit as a #",
}


def card(bundle: Bundle) -> str:
    """The card in Markdown (after Mitchell et al. 2019); it holds no sentence of the training data."""
    return "\n".join((*_about(bundle), *_judged(bundle.report), *_use(), ""))


def _about(bundle: Bundle) -> list[str]:
    return [
        f"# A tagger for {', '.join(bundle.labels)}",
        "",
        f"Trained with {bundle.trained_with or 'Tagloom'}: {_network(bundle)}.",
        f"It knows {_vocabulary(bundle)}. "
        f"Tags are in {bundle.scheme}; text is read with the tokenizer `{bundle.tokenizer}`.",
    ]


def _network(bundle: Bundle) -> str:
    architecture, seed = bundle.architecture, bundle.training.get("seed")
    told = (
        f"`{bundle.algorithm}`, embeddings `{architecture.embeddings}`, "
        f"{architecture.units} LSTM units per direction, {architecture.layers} layer(s)"
    )
    told = told if seed is None else f"{told}, seed {seed}"
    return f"{told}; its network computes in 8 bits" if bundle.precision == EIGHT_BITS else told


def _vocabulary(bundle: Bundle) -> str:
    """How many words and characters, and how words are looked up."""
    vocabulary = bundle.vocabulary
    words = " and ".join(map(_table, vocabulary.tables, bundle.architecture.tables))
    if bundle.architecture.characters == "none":
        return words
    return f"{words} and {len(vocabulary.characters)} characters"


def _table(table: WordIndex, embedding: Embedding) -> str:
    forms = ", or else ".join(_FORMS[form] for form in table.forms)
    return f"{len(table.words)} words of `{embedding}` (looked up {forms})"


def _judged(report: Mapping[str, Any]) -> list[str]:
    if not report:
        return []
    rows = [*report["labels"].items(), ("micro", report["micro"])]
    figures = [
        f"| {_cell(name)} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} | {row['support']} |"
        for name, row in rows
    ]
    part = f" on its {report['part']} part" if "part" in report else ""
    return [
        "",
        f"## Scores{part} ({report['mode']}, {report['sentences']} sentences)",
        "",
        "| label | precision | recall | F1 | support |",
        "|---|---|---|---|---|",
        *figures,
        "",
        "These hold for text like what it was judged on. On other text, judge it anew.",
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _use() -> list[str]:
    return ["", "## Use", "", "```python", "import tagloom", "", 'spans = tagloom.load("model")("Some text")', "```"]
