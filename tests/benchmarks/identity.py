"""What identity costs: scoring, clustering and ids of many records against a plain Splink script with the same model."""

from .measure import Cost, inside
from .rows import Row
from .workshop import Workshop

THREADS_AND_MEMORY = {"LOYALTY_MEMORY_LIMIT": "1000MB"}


def rows(workshop: Workshop) -> list[Row]:
    """Everything against Splink; then one record in a hundred changed, against everything."""
    records = workshop.large.customers
    database = workshop.root / "people.duckdb"
    workshop.say(f"{records:,} records")
    inside(["write-records", str(database), str(records)])
    workshop.say("plain Splink: predict and cluster")
    splink, theirs = inside(["splink", str(database)])
    workshop.say("identity: score, cluster, name")
    full, ours = inside(["identity", str(database)], THREADS_AND_MEMORY)
    workshop.say("identity again, one record in a hundred changed")
    little, changed = inside(["identity-again", str(database)], THREADS_AND_MEMORY)
    nothing, _ = inside(["identity-again", str(database), "nothing"], THREADS_AND_MEMORY)
    beyond = Cost(max(0.0, little.cpu - nothing.cpu), max(0.0, little.wall - nothing.wall), little.peak)
    return [
        Row(
            f"identity, {records:,} records",
            "plain Splink script, same model",
            full,
            splink,
            f"F1 {ours['f1']:.4f} against {theirs['f1']:.4f}; {ours['pairs']:,} pairs compared against {theirs['pairs']:,}",
        ),
        Row(
            "identity, 1 % changed, beyond a run without changes",
            "all records",
            beyond,
            full,
            f"{changed['pairs']:,} pairs compared; a run without changes takes {nothing.cpu:.1f} CPU s",
        ),
    ]
