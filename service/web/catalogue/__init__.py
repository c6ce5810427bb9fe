"""The catalogue for everybody: browse, search, read about one platform."""
