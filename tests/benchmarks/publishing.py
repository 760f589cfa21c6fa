"""Writing a version, reading it back and switching to it, against hashing its bytes."""

from .measure import inside
from .rows import Row
from .workshop import Workshop


def rows(workshop: Workshop) -> list[Row]:
    """`publish` (which verifies before it switches) and one `verify` more, against SHA-256 of the version's bytes."""
    data, _ = workshop.first_run(workshop.company)
    workshop.say("publish and verify")
    ours, published = inside(["publish", str(data)], {"LOYALTY_DATA": str(data)})
    workshop.say("SHA-256")
    theirs, hashed = inside(["sha256", published["path"]])
    note = f"{hashed['files']} files, {hashed['bytes'] / 1e6:,.2f} MB, {published['rows']:,} rows"
    return [Row("publish + verify", "SHA-256 of the bytes", ours, theirs, note)]
