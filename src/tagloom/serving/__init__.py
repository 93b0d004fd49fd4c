"""Models behind an HTTP API: slots that are deployed to, keys, batches across requests, metrics and logs."""
