"""Files on their way into a project: received, read by a process of its own, put in some documents at a time."""
