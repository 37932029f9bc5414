"""Tickets on paper: layouts, ESC/POS encoding and the spooler with its proof of printing."""
