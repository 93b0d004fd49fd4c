"""The trainable network, in torch."""
