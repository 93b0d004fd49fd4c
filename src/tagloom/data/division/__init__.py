"""Datasets divided into feature sets."""
