"""Who is told that a unit's new scorecard is out, once, and in which words. Knows nothing of Dagster."""
