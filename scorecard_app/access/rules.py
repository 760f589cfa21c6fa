"""access.yml: who may see what, validated; an error names file, line, what is wrong and what to write instead."""

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from scorecard_app.access.roles import COMPANY, Grant, Role

NAME = "access.yml"


class AccessError(Exception):
    """access.yml cannot be used; the text says where and why, and holds no e-mail address."""


def _address(email: str) -> str:
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@") or " " in email:
        raise ValueError("is no e-mail address")
    return email.casefold()


class RoleOnUnit(BaseModel):
    """One role for a unit and what is below it."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    role: Role = Field(description=", ".join(Role))
    unit: str = Field(COMPANY, min_length=1, description="org_unit_id; left out or '*': the company")
    since: date = Field(date.min, alias="from", description="first day; left out: all history")
    until: date = Field(date.max, description="last day; left out: no end. What the unit was until then stays visible")

    @model_validator(mode="after")
    def _whole(self) -> "RoleOnUnit":
        if self.until < self.since:
            raise ValueError("until lies before from: swap them")
        if self.role in (Role.CARE, Role.ADMIN) and self.unit != COMPANY:
            raise ValueError(f"{self.role} is for the whole company: leave unit out")
        return self


class Person(BaseModel):
    """A person by the e-mail address that the provider vouches for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Annotated[str, AfterValidator(_address)]
    roles: tuple[RoleOnUnit, ...] = Field(min_length=1)

    @property
    def grants(self) -> tuple[Grant, ...]:
        """The roles as the gate reads them."""
        return tuple(Grant(role.role, role.unit, role.since, role.until) for role in self.roles)


class Rules(BaseModel):
    """The whole file. Unknown keys are refused: a misspelt limit must not vanish."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    idle_minutes: int = Field(60, ge=1, le=24 * 60, description="a session ends after this long without a click")
    absolute_hours: int = Field(12, ge=1, le=24 * 30, description="and after this long whatever happens")
    people: tuple[Person, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> "Rules":
        emails = [person.email for person in self.people]
        twice = [number for number, email in enumerate(emails, 1) if email in emails[: number - 1]]
        if twice:
            raise ValueError(f"entry {twice[0]} of people repeats an e-mail: give one person all roles in one entry")
        return self

    def grants(self, email: str) -> tuple[Grant, ...]:
        """What a person may see; nobody who is not listed may see anything."""
        return next((person.grants for person in self.people if person.email == email.casefold()), ())


def read_rules(path: Path) -> Rules:
    """The rules in force.

    Raises:
        AccessError: the file is missing, no YAML, or says something that means nothing.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AccessError(f"{path}: missing; nobody may enter. Write one as the deployment page shows") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise AccessError(f"{path}: can't be read ({problem})") from problem
    try:
        content, tree = yaml.safe_load(text), yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise AccessError(f"{path}{where}: no YAML ({getattr(problem, 'problem', None) or 'broken'})") from problem
    if not isinstance(content, dict):
        raise AccessError(f"{path}, line 1: must hold 'people:' with a list below")
    try:
        return Rules.model_validate(content)
    except ValidationError as problem:
        errors = problem.errors(include_input=False, include_url=False)
        # a list whose entries are wrong counts as empty, too: only the entries are worth a line
        above = {other["loc"][:depth] for other in errors for depth in range(len(other["loc"]))}
        lines = [_sentence(path, tree, error) for error in errors if error["loc"] not in above]
        raise AccessError("\n".join(lines)) from None


def unknown_units(path: Path, known: Collection[str]) -> list[str]:
    """A sentence with file and line for each unit that no organisation holds: such a role opens nothing.

    Raises:
        AccessError: as `read_rules`.
    """
    rules = read_rules(path)
    tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    return [
        f"{path}, line {_line(tree, ['people', person, 'roles', role, 'unit'])}: the organisation has no unit "
        f"'{entry.unit}', so this role opens nothing: correct the id, or deliver the unit in org_units"
        for person, someone in enumerate(rules.people)
        for role, entry in enumerate(someone.roles)
        if entry.unit != COMPANY and entry.unit not in known
    ]


def _sentence(path: Path, tree: yaml.Node, error: Any) -> str:
    """File, line, key and remedy; never the value, which may be somebody's address."""
    place = [part for part in error["loc"] if part != "[key]"]
    key = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
    return f"{path}, line {_line(tree, place)}: {f'{key}: ' if key else ''}{error['msg'].removeprefix('Value error, ')}"


def _line(node: yaml.Node, place: list[str | int]) -> int:
    """The line of the innermost part of a place that the file holds."""
    line = node.start_mark.line + 1
    for part in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if not found:
                break
            node, line = found[1], found[0].start_mark.line + 1
        else:
            break
    return line
