"""An explanation in sentences: first the verdict, then what decided, then the model's waterfall."""

from collections.abc import Iterator
from typing import Any

LINK_WORDS = {
    "exact": "both have this {rule}",
    "model": "the model {rule} finds them alike ({match_weight:+.1f})",
    "decision": "decision {rule}",
}
GUARD_WORDS = {
    "junk": "is a placeholder",
    "above_limit": "is on {guarded_records} records, too many",
    "many_people": "is on {guarded_records} records of many different people",
}


def pair_lines(found: dict[str, Any]) -> Iterator[str]:
    """Two records: one person or not, and why."""
    one, other = found["records"]
    if found["one_person"]:
        yield f"{one['record']} and {other['record']} are one person: {one['customer_id']}" + _certainty(one)
    else:
        yield (
            f"{one['record']} and {other['record']} are two persons: {one['customer_id']} and {other['customer_id']}"
        )
    yield from _decision_lines(found["decisions"])
    if found["one_person"]:
        yield "how they hang together:"
        yield from (f"  {link_line(link)}" for link in found["path"])
    yield from _shared_lines(found["shared"], found["one_person"], bool(_parting(found)))
    yield from _waterfall(found["model"])
    if not found["one_person"]:
        yield "why not:"
        yield from (f"  {reason}" for reason in why_not(found))
    for decision in found.get("waiting", []):
        yield f"decision {decision} was taken or revoked since: it takes effect with the next: loyalty run"


def why_not(found: dict[str, Any]) -> list[str]:
    """Reasons why two records are two persons, the strongest first; where people decided, theirs alone."""
    decided = _parting(found)
    if decided:
        return [
            f"{decision['decision_id']}: {decision['decided_by']} decided that {decision['left']} and "
            f"{decision['right']} are two: {decision['reason']}"
            for decision in decided
        ]
    reasons = []
    if not any(shared["joins"] for shared in found["shared"]):
        reasons.append("no identifier joins them")
    model = found["model"]
    if model is None:
        reasons.append("a record without name, birth date, address, phone or e-mail can't be compared")
    elif model["total"] < model["threshold"]:
        reasons.append(f"their fields weigh {model['total']:+.1f}, below the threshold {model['threshold']:+.1f}")
    elif not model["was_compared"]:
        reasons.append("they have nothing in common that would have made the run compare them")
    else:
        reasons.append("other records of the two speak against it: on average the two groups are not alike enough")
    return reasons


def customer_lines(found: dict[str, Any]) -> Iterator[str]:
    """One customer: records, links, fields, household, what happened."""
    alias = f" ({found['asked_for']} was absorbed)" if found["asked_for"] != found["customer_id"] else ""
    yield f"{found['customer_id']}{alias}: {len(found['records'])} records" + _certainty(found)
    yield from (f"  {record}" for record in found["records"])
    yield "links:" if found["links"] else "no links: one record"
    yield from (f"  {link_line(link)}" for link in found["links"])
    yield from _decision_lines(found["decisions"])
    yield "profile, and where each value comes from:"
    for field in found["fields"]:
        losing = f"; not {', '.join(field['losing_values'])}" if field["losing_values"] else ""
        yield f"  {field['field']}: {field['value']} ({field['record']}, {field['rule'].replace('_', ' ')}{losing})"
    if found["household"]:
        yield f"household {found['household']['household_id']}: with {', '.join(found['household']['with']) or 'nobody'}"
    yield "what happened:"
    for event in found["events"]:
        ids = " → ".join(text for text in (event["old_customer_id"], event["new_customer_id"]) if text)
        moment = f"{event['occurred_at']:%Y-%m-%d %H:%M}" if event["occurred_at"] else "before the log began"
        yield f"  {moment} {event['event']} {ids} {event['decision_id'] or ''}".rstrip()


def queue_lines(found: list[dict[str, Any]]) -> Iterator[str]:
    """The review queue, a line per pair."""
    if not found:
        yield "nothing to review: the model is sure of every pair it compared, or people have decided"
    for pair in found:
        yield (
            f"{pair['place']:4}  {pair['left_source_system']}:{pair['left_source_customer_id']}  "
            f"{pair['right_source_system']}:{pair['right_source_customer_id']}  {pair['match_weight']:+.1f} bits, "
            f"{pair['probability']:.0%}, {'one person now' if pair['is_joined'] else 'two persons now'}: {pair['reason']}"
        )


def link_line(link: dict[str, Any]) -> str:
    """'crm:1 – shop:2: both have this card'."""
    return f"{link['left']} – {link['right']}: {LINK_WORDS[link['kind']].format(**link)}"


def _certainty(found: dict[str, Any]) -> str:
    return ", probable: without weak links it would fall apart" if found["is_weak"] else ", attributed"


def _decision_lines(decisions: list[dict[str, Any]]) -> Iterator[str]:
    for decision in decisions:
        state = "" if decision["in_force"] else ", revoked"
        yield (
            f"decision {decision['decision_id']}: {decision['kind'].replace('_', '-')} {decision['left']} "
            f"{decision['right']}, by {decision['decided_by']}: {decision['reason']}{state}"
        )


def _parting(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The decisions in force that keep the two customers apart."""
    return [one for one in found["decisions"] if one["in_force"] and one["kind"] == "cannot_link"]


def _shared_lines(shared: list[dict[str, Any]], one_person: bool, parted: bool) -> Iterator[str]:
    if shared:
        yield "what both bear:"
    for one in shared:
        if one["guard"]:
            verdict = f"{GUARD_WORDS[one['guard']].format(**one)}: it joins nobody"
        elif not one["at_one_time"]:
            verdict = "at different times: it was handed on and joins nobody"
        elif parted and (one["joins"] or one["strength"] == "strong"):
            verdict = "would join them; people decided otherwise"
        elif one["joins"] and not one_person:
            verdict = "speaks for one person; more speaks against it"
        elif one["joins"]:
            verdict = "joins them"
        elif one["strength"] == "strong":
            verdict = "joins them by way of the first record that bears it"
        else:
            verdict = "does not join them: names or birth dates contradict, theirs or those of others who bear it"
        yield f"  {one['type']} {one['value']}: {verdict}"


def _waterfall(model: dict[str, Any] | None) -> Iterator[str]:
    """The match weight, step by step: each bit doubles or halves the odds."""
    if model is None:
        return
    yield f"model {model['version']}, in bits (each doubles the odds):"
    yield f"  {model['prior']:+7.1f}  before anything is known"
    for step in model["comparisons"]:
        if step["found"] != "unknown":
            values = f" ({', '.join(step['left']) or '–'} | {', '.join(step['right']) or '–'})"
            common = f", as one in {step['one_in']} has" if step["one_in"] else ""
            yield f"  {step['weight']:+7.1f}  {step['comparison'].replace('_', ' ')}: {step['found']}{common}{values}"
    yield f"  {model['total']:+7.1f}  in all, threshold {model['threshold']:+.1f}: {model['probability']:.1%} one person"
