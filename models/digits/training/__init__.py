"""What models/digits/train.py is made of."""
