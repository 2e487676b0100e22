"""From the provinces and communes of before to those of today."""
