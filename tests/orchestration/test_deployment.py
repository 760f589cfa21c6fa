"""The files of the deployment page, read as systemd, cron, sh and nginx read them, agree with the code and each other."""

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from orchestration.cli import main
from orchestration.folders import DBT_PROJECT, REPOSITORY, DataFolder
from scorecard_app.access.provider import settings as sign_in
from scorecard_app.access.roles import Role
from scorecard_app.access.rules import read_rules

HERE = REPOSITORY / "orchestration" / "deployment"
PAGE = (HERE / "README.md").read_text(encoding="utf-8")
UNITS = sorted((HERE / "systemd").glob("*.service"))
CODE, DATA, BIN = "/opt/loyalty", DataFolder(Path("/var/lib/loyalty")), "/opt/loyalty/.venv/bin/"


def test_every_file_is_on_the_page_and_every_link_leads_somewhere() -> None:
    linked = {target for target in re.findall(r"\]\(([^)#]+)\)", PAGE) if not target.startswith("http")}
    shipped = {str(path.relative_to(HERE)) for path in HERE.rglob("*") if path.is_file() and path.name != "README.md"}
    assert linked == shipped
    for name in re.findall(r"`(--[a-z-]+|loyalty [a-z]+)`", PAGE):
        assert not name.startswith("loyalty ") or name.split()[1] in main.commands, name


def unit(path: Path) -> dict[str, dict[str, str]]:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # ty: ignore[invalid-assignment]
    parser.read_string(path.read_text(encoding="utf-8"))
    return {section: dict(parser[section]) for section in parser.sections()}


@pytest.mark.parametrize("path", UNITS, ids=[path.stem for path in UNITS])
def test_units_are_hardened_and_start_commands_that_exist(path: Path) -> None:
    read = unit(path)
    service = read["Service"]
    assert (service["User"], service["ProtectSystem"], service["Restart"]) == ("loyalty", "strict", "on-failure")
    assert service["NoNewPrivileges"] == "yes" and service["CapabilityBoundingSet"] == "" and service["UMask"] == "0077"
    assert service["EnvironmentFile"] == "/etc/loyalty/environment" and service["WorkingDirectory"] == CODE
    check_command(shlex.split(service["ExecStart"]))
    if "loyalty app" in service["ExecStart"]:
        hidden = {name.lstrip("-") for name in service["InaccessiblePaths"].split()}
        folders = (DATA.landing, DATA.deliveries, DATA.state, DATA.warehouse, DATA.dagster_home)
        assert hidden == {str(folder) for folder in folders} and service["ReadWritePaths"] == str(DATA.root / "app")
        assert f"{DATA.root} {DATA.root / 'app'}\n" in PAGE
    else:
        target = DBT_PROJECT / "target"
        assert service["ReadWritePaths"].split() == [str(DATA.root), f"{CODE}/{target.relative_to(REPOSITORY)}"]
        assert read["Unit"]["AssertPathExists"] == str(DATA.dagster_home / "dagster.yaml")
    assert f"systemctl enable --now {' '.join(['loyalty-daemon', 'loyalty-dagster', 'loyalty-app'])}" in PAGE


def check_command(words: list[str]) -> None:
    """The program is installed, and takes these options: click parses them without running anything."""
    from dagster._daemon.cli import create_dagster_daemon_cli
    from dagster_webserver.cli import dagster_webserver

    assert words[0].startswith(BIN), words
    name = words[0].removeprefix(BIN)
    assert Path(sys.executable).with_name(name).exists(), name
    commands = {"loyalty": main, "dagster-daemon": create_dagster_daemon_cli(), "dagster-webserver": dagster_webserver}
    command: click.Command = commands[name]
    arguments = words[1:]
    while isinstance(command, click.Group):
        found = command.get_command(click.Context(command), arguments[0])
        assert found, arguments[0]
        command, arguments = found, arguments[1:]
    with command.make_context(name, arguments, auto_envvar_prefix=None) as context:
        assert context.params.get("module_name") in (None, ("orchestration.definitions",), "orchestration.definitions")
        assert context.params.get("host") in (None, "127.0.0.1")


def test_a_wrong_option_would_be_found() -> None:
    for words in ("loyalty app --port 1 --hedless", "dagster-daemon run --modul x", "dagster-webserver --prot 3"):
        with pytest.raises(click.UsageError):
            check_command(shlex.split(BIN + words))


def test_cron_runs_commands_that_exist() -> None:
    lines = [line for line in (HERE / "cron").read_text().splitlines() if line and not line.startswith("#")]
    assert len(lines) == 2
    for line in lines:
        found = re.fullmatch(
            r"[\d*]+ [\d*]+ \* \* \*\s+loyalty\s+set -a; \. (\S+); (.*) 2>&1 \| (\S+) -t loyalty", line
        )
        assert found and found[1] == "/etc/loyalty/environment"
        check_command(shlex.split(found[2]))
        assert "%" not in line, "cron takes a percent sign for a line's end"


def test_the_environment_names_what_the_code_reads() -> None:
    from streamlit import config

    text = (HERE / "environment").read_text()
    read = subprocess.run(
        ["sh", "-c", 'set -a; . "$1"; env -0', "sh", str(HERE / "environment")],
        env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    values = dict(entry.split("=", 1) for entry in read.split("\0") if "=" in entry)
    assert values["LOYALTY_DATA"] == str(DATA.root) and values["DAGSTER_HOME"] == str(DATA.dagster_home)
    rooms = ("orchestration", "scorecard_app")
    code = "".join(path.read_text() for room in rooms for path in (REPOSITORY / room).rglob("*.py"))
    assert sign_in(values)["redirect_uri"] == f"https://{directives()['server_name']}/oauth2callback"
    for name in re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE):
        if name.startswith("STREAMLIT_"):
            assert name in {option.env_var for option in config.get_config_options().values()}
            assert values[name] == f"https://{directives()['server_name']}"
        else:
            assert f'"{name}' in code or name in code, name


def test_the_page_shows_rules_that_hold(tmp_path: Path) -> None:
    shown = re.search(r"<!-- access -->\n```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert shown
    (tmp_path / "access.yml").write_text(shown[1])
    rules = read_rules(tmp_path / "access.yml")
    assert [len(person.roles) for person in rules.people] == [2, 1]
    assert set(re.findall(r"^\| `(\w+)` \| ", PAGE.split("## Who may see what")[1].split("\n## ")[0], re.M)) == set(
        Role
    )


def directives() -> dict[str, str]:
    return {name: value for path, name, value in nginx() if path[-1:] == ("server",)}


def nginx() -> Iterator[tuple[tuple[str, ...], str, str]]:
    """The configuration's directives with the blocks around them; fails where nginx's own grammar would."""
    text = re.sub(r"(?m)^\s*#.*$", "", (HERE / "nginx.conf").read_text())
    words: list[str] = []
    inside: list[str] = []
    for token in re.findall(r'"[^"]*"|\'[^\']*\'|[{};]|[^\s{};]+', text):
        if token == "{":
            assert words, "a block without a name"
            inside.append(" ".join(words))
            words = []
        elif token == "}":
            assert inside and not words, f"a directive without a semicolon: {words}"
            inside.pop()
        elif token == ";":
            assert words, "a semicolon too many"
            yield tuple(inside), words[0], " ".join(words[1:])
            words = []
        else:
            words.append(token)
    assert not inside and not words, "a block is not closed"


def test_the_proxy_leads_to_the_services_and_closes_what_is_nobodys_business() -> None:
    found = list(nginx())
    starts = {path.stem: shlex.split(unit(path)["Service"]["ExecStart"]) for path in UNITS}

    def port(name: str) -> str:
        return starts[name][starts[name].index("--port") + 1]

    passed = {path[-1]: value for path, name, value in found if name == "proxy_pass"}
    prefix = starts["loyalty-dagster"][starts["loyalty-dagster"].index("--path-prefix") + 1]
    assert passed == {
        "location /": f"http://127.0.0.1:{port('loyalty-app')}",
        "location = /_stcore/stream": f"http://127.0.0.1:{port('loyalty-app')}",
        f"location {prefix}/": f"http://127.0.0.1:{port('loyalty-dagster')}",
    }
    assert (("server", "location /_stcore/metrics"), "return", "404") in found
    everywhere = [(name, value) for path, name, value in found if path == ("server",)]
    assert ("proxy_set_header", "Upgrade $http_upgrade") in everywhere and (
        "proxy_cookie_flags",
        "~ secure",
    ) in everywhere
    assert [path[-1] for path, name, value in found if name == "auth_basic" and value != "off"] == [
        f"location {prefix}/"
    ]
    assert [value for path, name, value in found if path[-1] == f"location {prefix}/" and name in ("allow", "deny")][
        -1
    ] == "all"
    # a location with headers of its own would lose all of the server's
    assert {path for path, name, _ in found if name in ("add_header", "proxy_set_header")} == {("server",)}
    headers = {value.split()[0]: value for name, value in everywhere if name == "add_header"}
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    policy = headers["Content-Security-Policy"]
    assert (
        "frame-ancestors 'none'" in policy
        and "object-src 'none'" in policy
        and "http" not in policy
        and "*" not in policy
    )
    assert all(value.endswith("always") for value in headers.values())


def test_systemd_itself_accepts_the_units(tmp_path: Path) -> None:
    """Where systemd is; the reading above holds everywhere."""
    assert len(UNITS) == 3
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return
    for path in UNITS:
        copy = tmp_path / path.name
        programs = str(Path(sys.executable).parent) + "/"
        copy.write_text(path.read_text().replace(BIN, programs).replace(CODE, str(REPOSITORY)))
        done = subprocess.run([analyze, "verify", "--man=no", str(copy)], capture_output=True, text=True)
        assert done.returncode == 0 and path.name not in done.stderr, done.stderr
