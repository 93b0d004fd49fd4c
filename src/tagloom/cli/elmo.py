"""`tagloom elmo`: train an ELMo on plain text, and take its vectors."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from tagloom.cli.parameters import Overwrite, path
from tagloom.cli.targets import expect_free
from tagloom.errors import TrainingError

elmo = typer.Typer(help="Train an ELMo on plain text, and take its vectors.", rich_markup_mode=None)


@elmo.callback(invoke_without_command=True)
def _help_without_command(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@elmo.command("train")
def train(
    texts: Annotated[
        list[Path] | None,
        typer.Argument(metavar="TEXT", parser=path, help="Plain text, a paragraph a line, or in its gz, xz or zip."),
    ] = None,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", parser=path, help="Where the ELMo is written.")
    ] = Path("elmo"),
    set_option: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Any setting, such as epochs=3; may be given again."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the training in the output folder.")] = False,
) -> None:
    """Train an ELMo: two language models, one onwards and one back, that share what they make of a word's characters.

    The folder gets options.json and weights.hdf5 as AllenNLP publishes them, and is what --embedding elmo:FOLDER reads.

    Settings: units, projection, layers, vocabulary_size, negative_samples, batch_size, unroll_steps, epochs,
    learning_rate, dropout, clip_norm, seed, threads.
    """
    if resume and (texts or set_option):
        raise typer.BadParameter(
            "expected nothing but --output beside it, since the training knows its own.", param_hint="--resume"
        )
    if not resume and not texts:
        raise typer.BadParameter("expected plain text, received none.", param_hint="TEXT")
    from tagloom.cli.asked import given_pairs
    from tagloom.cli.elmo_progress import elmo_progress
    from tagloom.cli.output import console
    from tagloom.training.elmo.settings import ElmoSettings
    from tagloom.training.elmo.train_elmo import resume_elmo, train_elmo

    with elmo_progress() as watch:
        if resume:
            run = resume_elmo(output, watch=watch)
        else:
            settings = ElmoSettings().with_settings(given_pairs(set_option or []))
            run = train_elmo(texts or [], output, settings, watch=watch)
    if not run.is_done:
        place = shlex.quote(str(output))
        raise TrainingError(f"{output}: the training was stopped. Go on with: tagloom elmo train --resume -o {place}")
    console().print(f"{output}: an ELMo, {run.elmo().options.width} wide. Use it: --embedding elmo:{output}")


@elmo.command("vectors")
def vectors(
    model: Annotated[Path, typer.Argument(metavar="FOLDER", parser=path, help="An ELMo.")],
    texts: Annotated[
        list[Path],
        typer.Argument(metavar="TEXT...", parser=path, help="A sentence a line, its words between blanks."),
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", parser=path, help="HDF5, as bilm-tf writes it."),
    ] = Path("elmo.hdf5"),
    carry: Annotated[
        bool, typer.Option("--carry", help="Begin each sentence with what the one before left, as the original does.")
    ] = False,
    batch_size: Annotated[
        int | None,
        typer.Option(min=1, help="With --carry: sentences beside each other, each going on from its place."),
    ] = None,
    overwrite: Overwrite = False,
    threads: Annotated[int, typer.Option(min=0, help="Of the processor; 0 for all.")] = 0,
) -> None:
    """Write all layers of each word: for each sentence, named by its number from 0, (layers, words, width)."""
    if batch_size is not None and not carry:
        raise typer.BadParameter("expected --carry beside it.", param_hint="--batch-size")
    from tagloom.cli.output import console
    from tagloom.data.sources.source_text import open_stream, words_of
    from tagloom.embeddings.elmo.elmo_folder import find_elmo
    from tagloom.embeddings.elmo.layer_file import write_layers
    from tagloom.inference.elmo_layers import CarryingElmo, layers_of
    from tagloom.inference.processors import num_processors

    expect_free([output], texts, overwrite=overwrite)
    sentences = [words_of(line) for text in texts for line in open_stream(text).lines()]
    folder, threads = find_elmo(model), threads or num_processors()
    if carry:
        found = CarryingElmo(folder, threads=threads, batch_size=batch_size or 1).vectors(sentences)
    else:
        found = layers_of(folder, sentences, threads=threads)
    write_layers(output, found)
    options = folder.options
    console().print(f"{output}: {len(sentences):,} sentences, {options.num_layers} layers, {options.width} wide.")
