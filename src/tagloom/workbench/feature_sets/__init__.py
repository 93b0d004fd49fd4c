"""Feature sets: documents of a project as they are at one moment, divided to learn, to choose and to judge by."""
