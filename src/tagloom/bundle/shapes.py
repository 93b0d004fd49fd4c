"""Name and shape of every trained tensor of a bundle, as its architecture, vocabulary and labels fix them."""

from collections.abc import Mapping

from tagloom.bundle.architecture import WINDOW, Architecture
from tagloom.features.casing import CASINGS
from tagloom.features.vocabulary import Vocabulary

Shapes = Mapping[str, tuple[int, ...]]


def weight_shapes(architecture: Architecture, vocabulary: Vocabulary, num_tags: int, layers: int = 0) -> Shapes:
    """The shape of each tensor by name: what `models.tagger.Tagger.arrays` gives.

    Args:
        architecture: parts and sizes.
        vocabulary: words of each table, and characters.
        num_tags: that are scored.
        layers: of an encoder, whose mix was learned; 0 where there is none.
    """
    shapes: dict[str, tuple[int, ...]] = {
        f"words.{number}.table": (table.num_rows, embedding.width)
        for number, (table, embedding) in enumerate(zip(vocabulary.tables, architecture.tables, strict=True))
    }
    if architecture.casing_width:
        shapes["casings"] = (len(CASINGS), architecture.casing_width)
    shapes |= _characters(architecture, vocabulary)
    if layers:
        shapes |= {"mix.scores": (layers,), "mix.scale": (1,)}
    for layer in range(architecture.layers):
        inputs = 2 * architecture.units if layer else architecture.word_vector_width
        for direction in ("forwards", "backwards"):
            shapes |= _lstm(f"encoder.{direction}.{layer}", inputs, architecture.units)
    shapes |= {"dense": (num_tags, architecture.state_width), "dense_bias": (num_tags,)}
    if architecture.decoder == "crf":
        shapes["decoder.transitions"] = (num_tags, num_tags)
        shapes["decoder.start_transitions"] = shapes["decoder.end_transitions"] = (num_tags,)
    return shapes


def _characters(architecture: Architecture, vocabulary: Vocabulary) -> Shapes:
    width, units = architecture.character_width, architecture.character_units
    table = {"characters.table": (vocabulary.num_characters, width)}
    if architecture.characters == "cnn":
        return {**table, "characters.kernel": (WINDOW, width, units), "characters.bias": (units,)}
    if architecture.characters == "lstm":
        return {**table, **_lstm("characters.onwards", width, units), **_lstm("characters.back", width, units)}
    return {}


def _lstm(name: str, inputs: int, units: int) -> Shapes:
    return {
        f"{name}.kernel": (4 * units, inputs),
        f"{name}.recurrent_kernel": (4 * units, units),
        f"{name}.bias": (4 * units,),
    }
