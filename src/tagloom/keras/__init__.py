"""For people who build with Keras 3: a CRF layer for every backend, arrays from feature sets, and a way to a bundle."""
