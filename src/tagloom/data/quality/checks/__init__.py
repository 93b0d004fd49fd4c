"""What is looked for in a dataset and between the parts of one: a file a family of checks.

A new check is a row in `kinds.KINDS` and a function here.
"""

from collections.abc import Callable, Mapping

from tagloom.data.findings import Findings
from tagloom.data.quality.checks.characters import suspicious_characters
from tagloom.data.quality.checks.labels import ambiguous_surfaces, imbalanced_labels, rare_labels
from tagloom.data.quality.checks.lengths import long_sentences, overlong_sentences
from tagloom.data.quality.checks.misses import bare_surfaces
from tagloom.data.quality.checks.parts import (
    absent_labels,
    entity_overlap,
    label_drift,
    leaked_sentences,
    unknown_words,
)
from tagloom.data.quality.checks.repeats import conflicting_texts, duplicate_sentences
from tagloom.data.quality.checks.spans import (
    blank_edged_spans,
    crossing_spans,
    machine_labels,
    misaligned_spans,
    overlapping_spans,
    punctuation_edged_spans,
    wordless_spans,
)
from tagloom.data.quality.contents import Contents, Part

Check = Callable[[Contents], Findings]
PartCheck = Callable[[Contents, Mapping[str, Part]], Findings]

CHECKS: tuple[Check, ...] = (
    ambiguous_surfaces,
    bare_surfaces,
    blank_edged_spans,
    conflicting_texts,
    crossing_spans,
    duplicate_sentences,
    imbalanced_labels,
    long_sentences,
    machine_labels,
    misaligned_spans,
    overlapping_spans,
    overlong_sentences,
    punctuation_edged_spans,
    rare_labels,
    suspicious_characters,
    wordless_spans,
)
"""What is looked for in a dataset that was read."""

PART_CHECKS: tuple[PartCheck, ...] = (
    absent_labels,
    entity_overlap,
    label_drift,
    leaked_sentences,
    unknown_words,
)
"""What is looked for between train, dev and test."""
