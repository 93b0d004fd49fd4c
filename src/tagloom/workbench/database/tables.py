"""The tables. Times are seconds since 1970, offsets are code points, secrets are kept as SHA-256 digests."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _of(table: str, name: str, *, is_optional: bool = False) -> Column[int]:
    """A row of another table; it goes with that one, or, where it is optional, is forgotten."""
    way = "SET NULL" if is_optional else "CASCADE"
    return Column(name, Integer, ForeignKey(f"{table}.id", ondelete=way), nullable=is_optional)


people = Table(
    "people",
    metadata,
    _id(),
    Column("name", String(100), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("password", String(200), nullable=False),  # argon2id, with its own salt and costs
    Column("is_active", Boolean, nullable=False),
    Column("created_at", Float, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary(32), primary_key=True),
    _of("people", "person_id"),
    Column("browser", String(100), nullable=False),  # such as: Firefox on Linux
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
    Column("last_used_at", Float),  # to the hour; None for not yet
)

invitations = Table(
    "invitations",
    metadata,
    _id(),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    _of("people", "person_id", is_optional=True),  # whose password it sets anew; None for a new person
    _of("people", "invited_by", is_optional=True),  # None for the link in the terminal
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    _id(),
    _of("people", "person_id"),
    Column("name", String(100), nullable=False),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float),
    Column("last_used_at", Float),  # to the hour; None for not yet
)

projects = Table(
    "projects",
    metadata,
    _id(),
    Column("name", String(100), nullable=False, unique=True),
    Column("template", String(40), nullable=False),
    Column("description", Text, nullable=False),
    Column("guidelines", Text, nullable=False),  # Markdown
    Column("settings", JSON, nullable=False),  # of labelling and of trainings, by name
    Column("created_at", Float, nullable=False),
)

members = Table(
    "members",
    metadata,
    Column("project_id", Integer, ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", Integer, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
)

labels = Table(
    "labels",
    metadata,
    _id(),
    _of("projects", "project_id"),
    Column("name", String(100), nullable=False),
    Column("description", Text, nullable=False),
    Column("colour", Integer, nullable=False),  # of the palette in labels.css
    Column("place", Integer, nullable=False),  # from 0: the order of number keys
    UniqueConstraint("project_id", "name"),
)

imports = Table(
    "imports",
    metadata,
    _id(),
    _of("projects", "project_id"),
    _of("people", "person_id", is_optional=True),
    Column("name", Text, nullable=False),  # of the file, for people
    Column("options", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("num_expected", Integer),  # documents that were read; None before all are
    Column("num_portions", Integer, nullable=False),  # of those that were read, in the tables
    Column("num_documents", Integer, nullable=False),  # that it has brought so far
    Column("num_repeated", Integer, nullable=False),  # with a text that the project had already
    Column("facts", JSON, nullable=False),  # what its files were taken for, and hold
    Column("findings", JSON, nullable=False),
    Column("error", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    sqlite_autoincrement=True,  # a folder is named by its number
)

documents = Table(
    "documents",
    metadata,
    _id(),
    _of("projects", "project_id"),
    _of("imports", "import_id", is_optional=True),
    Column("name", Text, nullable=False),  # `Document.id`
    Column("text", Text, nullable=False),
    Column("folded", Text, nullable=False),  # the text as search compares it
    Column("digest", Integer, nullable=False),  # of the text, so that equal ones are found
    Column("source", JSON),  # what else `Document` holds, for export; None where nothing
    Column("state", String(12), nullable=False),
    Column("revision", Integer, nullable=False),  # goes up with each save
    Column("shuffled", Integer, nullable=False),  # its place in a random order
    Column("certainty", Float),  # of the model that read it last, 0 to 1; None before
    Column("changed_at", Float),
    _of("people", "changed_by", is_optional=True),
    _of("people", "held_by", is_optional=True),  # who has it before them, so that nobody else is given it
    Column("held_until", Float),
    Index(None, "project_id", "id"),
    Index(None, "project_id", "state", "id"),
    Index(None, "project_id", "state", "shuffled"),
    Index(None, "project_id", "state", "certainty"),
    Index(None, "project_id", "changed_by", "changed_at"),
    Index(None, "project_id", "changed_at"),
    Index(None, "project_id", "digest"),
    Index(None, "import_id"),
    sqlite_autoincrement=True,  # who still has one that is gone is not to save onto another one
)

spans = Table(
    "spans",
    metadata,
    Column("document_id", Integer, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("label_id", Integer, ForeignKey("labels.id", ondelete="CASCADE"), primary_key=True),
    Column("origin", Text),  # what proposed it where no person did: `Span.origin`
    Column("score", Float),
    _of("people", "person_id", is_optional=True),
    Index(None, "label_id", "document_id"),
    sqlite_with_rowid=False,
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("document_id", Integer, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("model", String(200), primary_key=True),  # whose they are
    Column("spans", JSON, nullable=False),  # [start, end, label, score], ...
    sqlite_with_rowid=False,
)

rejections = Table(
    "rejections",
    metadata,
    Column("document_id", Integer, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("end", Integer, primary_key=True),
    Column("label", String(100), primary_key=True),
    sqlite_with_rowid=False,
)

feature_sets = Table(
    "feature_sets",
    metadata,
    _id(),
    _of("projects", "project_id"),
    _of("people", "person_id", is_optional=True),
    Column("name", String(100), nullable=False),
    Column("options", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("summary", JSON),  # None before it is made
    Column("error", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    UniqueConstraint("project_id", "name"),
    sqlite_autoincrement=True,  # a folder is named by its number, which no other may ever have
)

trainings = Table(
    "trainings",
    metadata,
    _id(),
    _of("projects", "project_id"),
    _of("feature_sets", "feature_set_id"),
    _of("people", "person_id", is_optional=True),
    Column("name", String(100), nullable=False),
    Column("options", JSON, nullable=False),  # those of `TrainingConfig` that were chosen
    Column("state", String(20), nullable=False),
    Column("process_id", Integer),
    Column("process_started", Float),  # what the system says, since numbers of processes come again
    Column("num_starts", Integer, nullable=False),
    Column("num_in_vain", Integer, nullable=False),  # of these, the last ones that came no further
    Column("reached", Integer, nullable=False),  # how far it was when it was last begun: a number that grows
    Column("scores", JSON),  # of its model; None before it was judged
    Column("error", Text, nullable=False),
    Column("created_at", Float, nullable=False),
    Column("ended_at", Float),
    UniqueConstraint("project_id", "name"),
    Index(None, "state"),
    sqlite_autoincrement=True,
)

slots = Table(
    "slots",
    metadata,
    Column("name", String(63), primary_key=True),  # in the serving state, which says what it serves
    _of("projects", "project_id"),
)

exhibits = Table(
    "exhibits",
    metadata,
    _id(),
    Column("training_id", Integer, ForeignKey("trainings.id", ondelete="CASCADE"), unique=True),  # whose model it is
    Column("packaged", String(40), unique=True),  # or the name of one that comes with the package
    Column("title", String(100), nullable=False),
    Column("description", Text, nullable=False),
    Column("data", Text, nullable=False),  # what it was trained on
    Column("licence", Text, nullable=False),
    Column("samples", JSON, nullable=False),  # sentences to try it on
    Column("audience", String(20), nullable=False),
    Column("created_at", Float, nullable=False),
)
