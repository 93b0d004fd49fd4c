"""Models in use: in a process of their own, so that no page waits for one and none can bring the server down."""
