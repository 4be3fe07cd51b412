"""What the readings of a run come to. Pure: no files, no network, no engines."""
