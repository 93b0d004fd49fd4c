"""Texts read by processes of their own: the event loop waits for no model, and a model's crash loses no request."""
