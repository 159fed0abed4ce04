"""What the demo tells: the City's quarter of 2018, and invented quarters up to today."""
