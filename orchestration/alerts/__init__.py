"""Who is told that a run failed, by which channel, in which words. Knows nothing of Dagster."""
