import pytest

from tagloom.errors import DataError
from tagloom.evaluation.columns import TagColumns, read_columns

ONE_SENTENCE = TagColumns([["O", "B-A"]], [["O", "O"]])


@pytest.mark.parametrize(
    "text",
    [
        "a\tO\tO\nb\tB-A\tO\n",
        "a O O\nb B-A O",
        "a   O  O\nbbb B-A  O  \n",
        "a O\tO\nb B-A\tO\n",
        "a \t O\tO\nb\tB-A \t O\t\n",
        "a\tO\tO\r\nb\tB-A\tO\r\n\r\n",
        "\tO\tO\n\tB-A\tO\n\t\t\n",
        "a\tNN\t\tO\tO\nb\t\tx\tB-A\tO\n",
        "\n \n\t\na\tO\tO\nb\tB-A\tO\n\n\n",
        "\u00a0\tO\tO\n\u0085\tB-A\tO\n",
        "a\u00a0c O O\nb\u0085d\u2028 B-A O\n",
        "\f\tO\tO\n\v\x1c\tB-A\tO\n",
    ],
)
def test_the_last_two_columns_are_read_however_they_are_separated(text: str) -> None:
    assert read_columns(text.split("\n"), "tags.tsv") == ONE_SENTENCE


@pytest.mark.parametrize("between", ["", "\t", " \t ", "\t\t\r", "-X- -X- O O", "-X-"])
def test_a_line_of_blanks_or_the_scripts_boundary_ends_a_sentence(between: str) -> None:
    lines = ["a x O O\n", f"{between}\n", f"{between}\n", "b x B-A O\n"]
    assert read_columns(lines, "tags.tsv") == TagColumns([["O"], ["B-A"]], [["O"], ["O"]])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a O O\nb\n", r"tags.tsv:2: expected at least 3 columns .* received 1: 'b'\. Add what is missing"),
        ("a O\n", r"tags.tsv:1: expected at least 3 columns .* received 2: 'a O'"),
        ("a\tO\tO\nb\tO\t\n", r"tags.tsv:2: expected at least 3 columns .* received 2"),
        ("a NN O O\n\nb B-A O\n", "tags.tsv:3: expected 4 columns as in the lines before, received 3: 'b B-A O'"),
        ("a O O\nc d O O\n", "tags.tsv:2: expected 3 columns .* replace blanks within a column"),
        ("a O O\nb PER O\n", "tags.tsv:2: expected O or a tag such as B-NAME .* received 'PER'. Correct the tag"),
        ("a O B\n", "tags.tsv:1: expected O or a tag .* received 'B'"),
        ("a O O\u00a0\n", "tags.tsv:1: expected O or a tag .* received 'O\\\\xa0'"),
        ("", "tags.tsv:1: expected lines of a word, a gold tag and a predicted tag, received none. Give a file"),
        ("\n\t\n \n", "tags.tsv:1: expected lines of a word, .* received none"),
    ],
)
def test_lines_that_cannot_be_read_are_refused_with_file_line_and_remedy(text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_columns(text.split("\n"), "tags.tsv")


def test_a_file_without_a_line_is_refused() -> None:
    with pytest.raises(DataError, match=r"tags\.tsv:1: expected lines of a word"):
        read_columns([], "tags.tsv")
