"""How many labels outside the training part are probably wrong, by the one model that there is."""

from collections.abc import Sequence

from tagloom.evaluation.diagnosis.evidence import Suspicion
from tagloom.features.sampling import spread
from tagloom.inference.predictor import Predictor
from tagloom.text import Sentence
from tagloom.training.confident_learning import WRONG_LABEL, SelfConfidence, Suspect, suspects
from tagloom.training.readings import Place, Reader

_PROBABLE = 0.5
_NUM_EXAMPLES = 3
_MOST = 5_000  # sentences: more hardly change the share


def suspicion(predictor: Predictor, sentences: Sequence[Sentence]) -> Suspicion:
    """What confident learning finds in sentences that the model did not learn from; labels that it lacks are left out.

    It counts spans that should probably have another label, and not missing ones or moved edges: these are as often the
    errors of the model.
    """
    some = [sentences[place] for place in spread(len(sentences), _MOST)]
    reader, confidence = Reader(predictor.tags), SelfConfidence()
    places: list[Place] = []
    num_spans = 0
    for numbers, lattice in predictor.lattices([sentence.words for sentence in some]):
        sums = predictor.posterior(lattice)
        for row, number in enumerate(numbers):
            gold = [chunk for chunk in some[number].chunks() if chunk[2] in reader.labels]
            num_spans += len(gold)
            for place in reader.places(number, sums, row, gold):
                if place.given.label is not None:
                    confidence.add(place.given.label, place.given.probability)
                    places.append(place)
    found = suspects(places, confidence.thresholds())
    wrong = [
        suspect
        for suspect in found
        if suspect.is_confident and suspect.kind == WRONG_LABEL and suspect.suggested.probability > _PROBABLE
    ]
    examples = [_told(some[suspect.sentence], suspect) for suspect in wrong[:_NUM_EXAMPLES]]
    return Suspicion(num_spans, len(wrong), examples)


def _told(sentence: Sentence, suspect: Suspect) -> str:
    chunk = suspect.given.chunk
    assert chunk is not None
    words = " ".join(sentence.words[chunk[0] : chunk[1]])
    return f"{words!r} as {suspect.given.label} rather than {suspect.suggested.label}"
