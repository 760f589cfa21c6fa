"""What a customer is going to be worth: BG/NBD for purchases, Gamma-Gamma for what one earns.

Both models see groups instead of customers: a likelihood, a probability or an expectation depends on a customer's
purchases only through (repeats, recency, age), of which a million customers have a few ten thousand.
"""
