"""Personal values as a terminal may show them: enough to recognise, too little to use."""

KINDS = {
    "phones": "phone",
    "phone": "phone",
    "emails": "email",
    "email": "email",
    "born": "birth_date",
    "birth_date": "birth_date",
    "gender": "plain",
    "city": "plain",
    "region": "plain",
    "country": "plain",
    "marketing_consent": "plain",
    "acquisition_source": "plain",
    "given_name": "name",
    "family_name": "name",
    "full_name": "name",
    "han_name": "name",
    "name_key": "name",
}


def masked(field: str, value: object) -> str:
    """A value of a field or identifier type: +86138****8001, j***@…, 张*, 1984****; ids keep their last three signs."""
    text, kind = str(value), KINDS.get(field, "id")
    if kind == "plain":
        return text
    if kind == "phone" and len(text) > 8:
        return f"{text[:-8]}****{text[-4:]}"
    if kind == "email" and "@" in text:
        return f"{text[0]}***@…"
    if kind == "name":
        return f"{text[:1]}{'*' * max(1, min(3, len(text) - 1))}"
    if kind == "birth_date":
        return f"{text[:4]}****"
    return f"***{text[-3:]}" if field != "address" and len(text) > 5 else "***"
