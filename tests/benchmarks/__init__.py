"""What the product costs, as ratios to hand-written peers measured in the same run: `make bench`."""
