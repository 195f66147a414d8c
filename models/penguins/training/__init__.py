"""What models/penguins/train.py is made of."""
