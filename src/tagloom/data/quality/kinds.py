"""Every kind of problem: how grave it is, and what to do. One table, in the order in which problems are told."""

from collections.abc import Mapping
from typing import NamedTuple


class Kind(NamedTuple):
    """A row of `KINDS`.

    Args:
        severity: `error`, `warning` or `info`.
        advice: what it means and what to do.
    """

    severity: str
    advice: str


ERROR, WARNING, INFO = "error", "warning", "info"

SEVERITIES: Mapping[str, str] = {
    ERROR: "something is surely wrong, or labels were lost",
    WARNING: "something is probably wrong, or harms what is learned or judged",
    INFO: "worth knowing",
}

KINDS: Mapping[str, Kind] = {
    # What a source says that cannot be so.
    "out_of_range_spans": Kind(
        ERROR,
        "These begin or end outside their text and are left out. Correct their offsets; look whether they count bytes, "
        "or belong to another text.",
    ),
    "wrong_span_texts": Kind(
        ERROR,
        "The entity that the source names is not what stands at its offsets, and the offsets are believed. Correct "
        "them; look whether they count bytes, or line ends and blanks were changed.",
    ),
    "shifted_spans": Kind(
        INFO,
        "Their offsets count UTF-16 units, as JavaScript does, and were made to count characters. Nothing to do.",
    ),
    "empty_spans": Kind(WARNING, "These hold no character and are left out. Remove them."),
    "duplicate_spans": Kind(
        WARNING, "These are marked twice with one label, and the second is left out. Remove one of the two."
    ),
    "unsorted_spans": Kind(INFO, "These stood before spans that begin earlier, and were sorted. Nothing to do."),
    "discontinuous_spans": Kind(
        WARNING,
        "These are made of parts with a gap between them, which a span cannot say; they are left out unless the "
        "stretch from the first to the last part is asked for (--cover-discontinuous).",
    ),
    "crossing_spans": Kind(
        WARNING,
        "These run over the end of a sentence, so that no tags can say them; they are left out where words are "
        "tagged. Correct their edges, or where the sentences end.",
    ),
    "wordless_spans": Kind(
        WARNING,
        "These hold no word, only blanks or signs between words, and are left out where words are tagged. Remove them.",
    ),
    "misaligned_spans": Kind(
        WARNING,
        "These begin or end inside a word and are widened to whole words where words are tagged. Move their edges to "
        "words, or choose with --align: expand, shrink, skip or fail.",
    ),
    "overlapping_spans": Kind(
        WARNING,
        "Tags cannot say these: of spans that overlap only the longest is learned. Remove or shorten the others.",
    ),
    "blank_edged_spans": Kind(
        WARNING, "These begin or end with a blank, which most models never predict. Move their edges to the words."
    ),
    "punctuation_edged_spans": Kind(
        WARNING,
        "These begin or end with a sign that hardly belongs to a name: a comma, a dash, a bracket or quote without its "
        "other half. Move their edges.",
    ),
    "ill_formed_tags": Kind(
        WARNING, "These tags break their scheme; they are read as conlleval does. Correct them, or keep that reading."
    ),
    # Labels that contradict one another, or are probably missing.
    "conflicting_texts": Kind(
        WARNING, "These texts occur with different labels. Decide for one and correct the other."
    ),
    "bare_surfaces": Kind(
        WARNING,
        "These are labelled in most places and bare in others, which are probably missed. Label those, or leave them "
        "where another meaning is meant.",
    ),
    "ambiguous_surfaces": Kind(
        INFO,
        "These occur under several labels. That may be right, since meaning hangs on the context; where one label is "
        "rare beside the other, look at its places.",
    ),
    # Too little, or too uneven.
    "rare_labels": Kind(
        WARNING,
        "These labels have under 50 examples, too few to be learned and judged well. Label more, merge them with "
        "others, or leave them out.",
    ),
    "imbalanced_labels": Kind(
        INFO,
        "These labels have less than a twentieth of the examples of the most frequent one. Watch their own scores and "
        "macro F1, and label more of them first.",
    ),
    # Repetition.
    "duplicate_sentences": Kind(
        WARNING,
        "These repeat an earlier one word for word. A split keeps equal sentences on one side; "
        "drop_duplicates keeps the first.",
    ),
    # Characters and lengths.
    "replacement_characters": Kind(
        WARNING, "U+FFFD stands where a character was lost in decoding. Read the source again in its own encoding."
    ),
    "mojibake": Kind(
        WARNING,
        "These look like UTF-8 that was read as cp1252, such as Ã© for é. Read the source as UTF-8, or mend the text "
        "before it is labelled.",
    ),
    "control_characters": Kind(
        WARNING,
        "These are no text; a lone U+0085 is often an ellipsis of cp1252 that was read as Latin-1. Replace or remove "
        "them.",
    ),
    "invisible_characters": Kind(
        WARNING,
        "These cannot be seen and make equal words differ: zero-width blanks, soft hyphens, byte order marks inside a "
        "text, marks that turn its direction. Remove them.",
    ),
    "private_characters": Kind(WARNING, "These mean something in one font alone, such as icons. Replace them by text."),
    "overlong_sentences": Kind(
        WARNING,
        "These have over 1,024 words: prediction reads them in windows, and training is slow. Look whether sentence "
        "ends are missing.",
    ),
    "long_sentences": Kind(
        INFO,
        "These have over 100 words and over 5 times the median. Look whether sentence ends are missing, or whether "
        "they are tables and lists.",
    ),
    # Between the parts of a feature set.
    "leaked_sentences": Kind(
        WARNING,
        "These are in two parts, so that what is learned by heart is judged as if it were understood. Remove them from "
        "one, or divide anew by ratio, which keeps equal sentences on one side.",
    ),
    "absent_labels": Kind(
        WARNING,
        "A label that train lacks cannot be learned, and one that dev or test lacks is not judged. Divide anew by "
        "ratio, which gives each part its share, or label more.",
    ),
    "label_drift": Kind(
        WARNING,
        "The labels are mixed otherwise than in train, by more than chance would have it (Jensen-Shannon distance over "
        "0.1, p under 0.001). Divide anew by ratio, or ask whether the parts are of one kind.",
    ),
    "unknown_words": Kind(
        INFO,
        "Over a fifth of the words never occur in train. Scores will hang on characters and embeddings: use pretrained "
        "ones, or train on texts of the same kind.",
    ),
    "entity_overlap": Kind(
        INFO,
        "Where nearly all entities were seen in train, the score tells of memory rather than of new names; where "
        "hardly any was, it tells of new names alone. Judge on what you will meet.",
    ),
    # What readers left out or chose.
    "unread_files": Kind(
        WARNING, "These lie beside the files that were read, and are not read. Name them, if they belong to the data."
    ),
    "guessed_encoding": Kind(
        INFO,
        "These are no UTF-8 and were taken for cp1252, as Western Windows writes. Where letters look wrong, say the "
        "encoding with --encoding.",
    ),
    "rejected_examples": Kind(INFO, "A labeller rejected these, and they are left out. Nothing to do."),
    "ignored_examples": Kind(INFO, "A labeller skipped these, and they are left out. Label them, or nothing to do."),
    "unannotated_documents": Kind(
        INFO, "Nobody has labelled these yet, and they are left out. Label them, so that they count."
    ),
    "further_annotations": Kind(
        INFO,
        "These were labelled more than once, and the last labelling is taken. Compare them, and keep the one that is "
        "right.",
    ),
    "machine_labels": Kind(
        INFO,
        "A machine proposed these and no person has said yes to them. Look through them before you judge by them.",
    ),
    "unread_annotations": Kind(
        INFO,
        "Relations, events, attributes and the like are no entities and are left out, as are spans without a label. "
        "Nothing to do.",
    ),
    "unlabelled_words": Kind(
        INFO,
        "The source does not say whether these are in an entity, and they are taken to be in none. Label them, if they "
        "may be.",
    ),
    "lost_text": Kind(
        WARNING,
        "Their words do not stand in their text one after the other, and the words joined by blanks are taken for it. "
        "Correct the text or the words.",
    ),
    "empty_words": Kind(WARNING, "These rows have a tag and no word and are left out. Fill in the words."),
    "blank_sentences": Kind(INFO, "These lines are blank, of two files in both, and are left out. Nothing to do."),
}
"""Each kind of problem by its name."""

UNKNOWN = Kind(WARNING, "This was noticed by another version of Tagloom, which says more of it.")
"""What stands for a kind that is none of these, as a saved feature set of a later version may have."""
