"""`tagloom data inspect`: what is in labelled data."""

from tagloom.cli.parameters import AsJson, Data


def inspect(data: Data, as_json: AsJson = False) -> None:
    """Tell what is in labelled data.

    Its format, how much of everything, and what is wrong with it.
    """
    from tagloom.cli.output import console, print_json, print_table, working
    from tagloom.data.reading import read
    from tagloom.data.summary import summarise

    with working("Reading"):
        summary = summarise(read(*data))
    if as_json:
        print_json(summary.to_json())
        return
    counts = summary.counts
    scheme = f", scheme {summary.scheme}" if summary.scheme else ""
    console().print(f"Format {summary.format}{scheme}, encoding {summary.encoding}")
    console().print(
        f"{counts.num_documents:,} documents, {counts.num_sentences:,} sentences, {counts.num_tokens:,} words"
    )
    print_table("Entities", ("label", "count"), [(label, f"{n:,}") for label, n in counts.entities.items()])
    for problem in summary.problems:
        console().print(f"{problem.severity}: {problem.count:,} {problem.kind.replace('_', ' ')}. {problem.advice}")
        for example in problem.finding.examples:
            console().print(f"    {example}")
