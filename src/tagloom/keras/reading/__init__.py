"""A Keras model as plain arrays: what a bundle can hold of it is read, and anything else is refused by its name."""
