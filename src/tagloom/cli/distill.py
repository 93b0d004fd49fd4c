"""`tagloom distill`: static word vectors from a transformer, as a file."""

from pathlib import Path
from typing import Annotated

import typer

from tagloom.cli.parameters import Overwrite, path


def distill(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="minilm, a folder, or a name of Hugging Face's hub.")],
    data: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[DATA]...", parser=path, help="Data whose words get vectors too, read as by train."),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", parser=path, help="Where the vectors are written.")
    ] = Path("vectors.txt"),
    width: Annotated[int, typer.Option("--width", min=1, max=4096, help="Numbers of a vector.")] = 128,
    threads: Annotated[int, typer.Option("--threads", min=0, help="Of the processor; 0 for all.")] = 0,
    overwrite: Overwrite = False,
) -> None:
    """Take static word vectors from a transformer: words encoded alone, in fewer dimensions, rare ones weighing more.

    The file has the words of the transformer's vocabulary, then those of the data, and is what --embedding vectors:FILE
    reads. Within a training, --embedding distilled:MODEL:WIDTH takes those of the words at hand; what it lacks it makes
    of pieces of words, which the file leaves out.
    """
    from tagloom.cli.output import console
    from tagloom.cli.targets import expect_free
    from tagloom.data.reading import read
    from tagloom.embeddings.encoders.model_folder import find_model
    from tagloom.embeddings.paths import expanded
    from tagloom.embeddings.vectors.writing import write_vectors
    from tagloom.features.word_index import INSIDE
    from tagloom.training.distilled import DistilledVectors

    expect_free([output], [expanded(model), *(data or ())], overwrite=overwrite)
    sentences = read(*data).sentences() if data else []
    source = DistilledVectors(find_model(model), width, threads)
    own = [word for word in source.first_words(source.num_words) if not word.startswith(INSIDE)]
    words = list(dict.fromkeys([*own, *(word for sentence in sentences for word in sentence.words)]))
    number = write_vectors(output, source, words)
    console().print(f"{output}: {number:,} words, {width} wide. Use them: --embedding vectors:{output}")
