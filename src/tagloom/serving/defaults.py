"""What counts where nobody says otherwise; the command line reads it without loading what serving needs."""

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000
"""Where a server listens."""

DEFAULT_SLOT = "production"
"""The slot that is meant where none is named."""
