"""What can be said and read of a training without the framework that trains: options, events, folders, comparisons."""
