"""The verbs of the ``hall`` command, one module for each group of them."""
