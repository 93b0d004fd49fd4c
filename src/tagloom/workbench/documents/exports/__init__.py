"""Documents on their way out of a project: written by a process of its own, and streamed."""
