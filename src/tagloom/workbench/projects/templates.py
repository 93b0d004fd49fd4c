"""What a project begins with: labels, guidelines, and the settings of trainings that suit such text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tagloom.pages.templates import own_file

_GUIDELINES = "tagloom.workbench.projects.guidelines"


@dataclass(frozen=True, slots=True)
class TemplateLabel:
    """A label of a template.

    Args:
        name: as it stands in files.
        description: what it is for, in a line.
    """

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class Template:
    """What a project begins with.

    Args:
        name: that it is asked for by.
        title: for people.
        description: what it is for, in a line or two.
        labels: in the order of their number keys.
        training: options of `TrainingConfig` that suit such text.
    """

    name: str
    title: str
    description: str
    labels: tuple[TemplateLabel, ...] = ()
    training: Mapping[str, Any] = field(default_factory=dict)

    @property
    def guidelines(self) -> str:
        """For those who label, in Markdown; empty where it has no labels."""
        return own_file(_GUIDELINES, f"{self.name}.md") if self.labels else ""


_CAMERA = Template(
    "camera",
    "Camera reviews",
    "Which product, and which of its features, does a customer write about?",
    (
        TemplateLabel("PNAME", "the name of a product: Sony CE-7RM3, the D90"),
        TemplateLabel("PFEATURE", "a part or property that is judged: battery life, viewfinder"),
    ),
    {"algorithm": "bilstm-cnn-crf", "epochs": 25},
)

_NEWS = Template(
    "news",
    "News",
    "People, places, organisations and times in news, with the labels of the Kaggle corpus for NER.",
    (
        TemplateLabel("geo", "a place: London, the Nile"),
        TemplateLabel("org", "an organisation: the United Nations, Reuters"),
        TemplateLabel("per", "a person: President Obama"),
        TemplateLabel("gpe", "a country or a people as one that acts: Iraqi, Americans"),
        TemplateLabel("tim", "a time: Wednesday, the 1990s"),
        TemplateLabel("art", "a work or product: the Bible, Ford Focus"),
        TemplateLabel("eve", "an event: the Olympic Games, World War II"),
        TemplateLabel("nat", "something of nature: Hurricane Katrina, H5N1"),
    ),
    {"algorithm": "bilstm-cnn-crf", "epochs": 12},
)

_MEDICAL = Template(
    "medical",
    "Medical",
    "Diseases, symptoms and medication in notes and abstracts.",
    (
        TemplateLabel("DISEASE", "a disease or disorder: type 2 diabetes"),
        TemplateLabel("SYMPTOM", "what a patient feels or shows: shortness of breath"),
        TemplateLabel("MEDICATION", "a drug, by brand or substance: metformin"),
    ),
    {"algorithm": "bilstm-cnn-crf", "epochs": 30, "character_units": 60},
)

_BLANK = Template("blank", "Blank", "Your own labels and rules.")

TEMPLATES: Mapping[str, Template] = {one.name: one for one in (_CAMERA, _NEWS, _MEDICAL, _BLANK)}
"""Every template by name, in the order in which they are offered."""
