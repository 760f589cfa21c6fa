"""A reader of landing files that shares nothing with the generator."""

import codecs
import gzip
import io
import json
from pathlib import Path

import openpyxl
import pandas as pd


def read_file(path: Path) -> pd.DataFrame:
    """One delivery with every value as text (None where empty), whatever its format."""
    if path.suffix == ".xlsx":
        # pandas would make an empty cell of #REF!
        lines = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True))
        frame = pd.DataFrame(
            [[None if v is None else str(v) for v in line] for line in lines[1:]], columns=list(lines[0])
        )
    elif path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        return frame.astype(object).where(frame.notna(), None)
    else:
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        try:
            text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("gb18030")
        if ".jsonl" in path.name:
            lines = [json.loads(line) for line in text.splitlines()]
            frame = pd.DataFrame([{k: None if v is None else str(v) for k, v in line.items()} for line in lines])
        else:
            frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, na_values=[""])
    frame = frame.astype(object)
    return frame.where(frame.notna(), None)


def read_dataset(root: Path, dataset: str) -> pd.DataFrame:
    """All deliveries of a dataset in one frame, with the file's name in `_file`."""
    files = sorted(path for path in (root / "landing" / dataset).iterdir() if not path.name.startswith("."))
    return pd.concat([read_file(path).assign(_file=path.name) for path in files], ignore_index=True)
