"""Deployments: the slots of projects, and what the API of models serves in them."""
