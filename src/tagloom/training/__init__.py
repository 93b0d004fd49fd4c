"""Labelled data in, a run with a judged model out."""
