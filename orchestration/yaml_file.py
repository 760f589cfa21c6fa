"""A YAML file with the line of each of its keys, so that whoever judges its content can say where a mistake stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.reader import ReaderError

from orchestration.errors import ConfigurationError

TEXT = "tag:yaml.org,2002:str"
MERGE = "tag:yaml.org,2002:merge"


@dataclass(frozen=True)
class YamlFile:
    """`content` as Python knows it, None where the file says nothing, and the tree of nodes that it was made of."""

    content: Any
    tree: yaml.Node | None

    def line(self, place: Sequence[str | int]) -> int:
        """The line of the innermost part of a place that the file holds; parts that it doesn't hold are passed over."""
        node = self.tree
        line = node.start_mark.line + 1 if node else 1
        for part in place:
            if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line + 1
            elif isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == str(part):
                        node, line = value, key.start_mark.line + 1
                        break
        return line

    def keys_that_are_no_text(self) -> list[tuple[str, int]]:
        """Those of the outermost level that YAML reads as a date, a number or a truth, as they are written, with their lines."""
        pairs = self.tree.value if isinstance(self.tree, yaml.MappingNode) else []
        return [(str(key.value), key.start_mark.line + 1) for key, _ in pairs if key.tag not in (TEXT, MERGE)]


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, of which others take the last, and says where a value stands that can't be one."""

    def compose_mapping_node(self, anchor: Any) -> yaml.MappingNode:
        node = super().compose_mapping_node(anchor)
        first: dict[str, yaml.Node] = {}
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if first.setdefault(key.value, key) is not key:
                twice = f"'{key.value}' stands here and in line {first[key.value].start_mark.line + 1}; write it once"
                raise yaml.MarkedYAMLError(problem=twice, problem_mark=key.start_mark)
        return node

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as problem:  # a 31st of June
            raise yaml.MarkedYAMLError(problem=str(problem), problem_mark=node.start_mark) from problem


def read_yaml(path: Path) -> YamlFile:
    """Read the file as safe YAML.

    Raises:
        FileNotFoundError: it is not there.
        ConfigurationError: it can't be read, naming the line where one is to blame, and the remedy; never what stands there.
    """
    try:
        text = path.read_bytes().decode("utf-8")
        loader = _Loader(text)
        tree = loader.get_single_node()
        return YamlFile(loader.construct_document(tree) if tree else None, tree)
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(path) from None
    except OSError as problem:
        raise ConfigurationError(
            f"{path} can't be read ({problem.strerror}); it must be a file that this user may read"
        ) from problem
    except (UnicodeDecodeError, ReaderError) as problem:
        raise ConfigurationError(f"{path} is no plain UTF-8 text; save it as UTF-8") from problem
    except RecursionError:
        raise ConfigurationError(
            f"{path}: not readable as YAML: nested too deep; mend its brackets or indentation"
        ) from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        said = ", ".join(filter(None, (getattr(problem, "context", None), getattr(problem, "problem", None))))
        raise ConfigurationError(
            f"{path}{f' line {mark.line + 1}' if mark else ''}: not readable as YAML: {said or 'broken'}"
        ) from problem
