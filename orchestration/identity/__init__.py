"""Who is whom: clusters of records, and customer ids that stay the same from run to run."""
