"""The training-set formats that come with cotpress. A new one is one file here, or an entry point of a plugin."""
