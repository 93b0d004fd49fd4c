"""What the routes of a workbench share."""

from dataclasses import dataclass, field

from tagloom.serving.bodies import Bodies
from tagloom.serving.parts import Parts
from tagloom.serving.state.deployments import Deployments
from tagloom.workbench.accounts.attempts import Attempts
from tagloom.workbench.accounts.passwords import Passwords
from tagloom.workbench.database.store import Store
from tagloom.workbench.documents.exports.exporter import Exporter
from tagloom.workbench.documents.imports.importer import Importer
from tagloom.workbench.documents.prereading import Prereading
from tagloom.workbench.feature_sets.maker import Maker
from tagloom.workbench.folders import Folders
from tagloom.workbench.gallery.visitors import Visitors
from tagloom.workbench.models.models import Models
from tagloom.workbench.options import Options
from tagloom.workbench.trainings.comparisons import Comparisons
from tagloom.workbench.trainings.embeddings import Offered, offered_embeddings
from tagloom.workbench.trainings.supervisor import Supervisor


@dataclass(slots=True)
class Workbench:
    """What the routes of a workbench share.

    Args:
        options: how it runs.
        folders: of its data.
        store: its database.
        bodies: reads those of requests.
        serving: what the routes of the API of models share.
        attempts: counts wrong passwords.
        passwords: hashes and compares them.
        visitors: bounds what those without an account ask.
        models: that read texts.
        importer: puts files into projects.
        exporter: writes documents of projects.
        maker: makes feature sets.
        supervisor: sees to the processes of trainings.
        comparisons: holds trainings against each other.
        prereading: has models read what is still to be labelled.
    """

    options: Options
    folders: Folders
    store: Store
    bodies: Bodies
    serving: Parts
    attempts: Attempts = field(default_factory=Attempts)
    passwords: Passwords = field(default_factory=Passwords)
    visitors: Visitors = field(default_factory=Visitors)
    models: Models = field(default_factory=Models)
    exporter: Exporter = field(default_factory=Exporter)
    importer: Importer = field(init=False)
    maker: Maker = field(init=False)
    supervisor: Supervisor = field(init=False)
    comparisons: Comparisons = field(init=False)
    prereading: Prereading = field(init=False)

    def __post_init__(self) -> None:
        self.importer = Importer(self.store, self.folders)
        self.maker = Maker(self.store, self.folders)
        self.supervisor = Supervisor(self.store, self.folders, self.options.simultaneous_trainings)
        self.comparisons = Comparisons(self.folders)
        deployments = Deployments(self.serving.database)
        self.prereading = Prereading(self.store, self.models, self.folders, deployments)

    def offered_embeddings(self) -> Offered:
        """What trainings may use, with what lies in the owner's folder now."""
        return offered_embeddings(self.folders.embeddings)
