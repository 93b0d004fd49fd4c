"""Trainings: queued, run as detached `tagloom train` processes, watched through the folders of their runs."""
