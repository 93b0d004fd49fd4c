"""Tables of pandas, polars and Hugging Face `datasets`, both ways."""

from tagloom.data.frames.reading import feature_set_from_frames, from_frame
from tagloom.data.frames.writing import to_datasets, to_pandas, to_polars

__all__ = ["feature_set_from_frames", "from_frame", "to_datasets", "to_pandas", "to_polars"]
