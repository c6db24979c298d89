"""A lake: a folder with a folder of Parquet files for each table, `schema.table` in a folder of the schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from campaign_dsl.run.problems import DataProblem

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class Lake:
    """Makes its tables known to a session, each when it is first asked for: finding out its columns takes a moment.

    Args:
        root: the folder, as a path or a URL.
    """

    def __init__(self, session: SparkSession, root: str) -> None:
        self._session = session
        self._root = root.rstrip("/") or "/"

    def enter(self, parts: list[str]) -> None:
        """Makes a table known.

        Raises:
            DataProblem: the lake has no such table.
        """
        name = ".".join(parts)
        path = self._folder_of(parts) if len(parts) <= 2 else None
        if path is None:
            raise DataProblem(
                f"the lake has no table `{name}`: there is no folder `{'/'.join((self._root, *parts))}`",
                help="compare catalog.yaml with the folders of the lake",
                code="DAT002",
            )
        if len(parts) == 1:
            self._frame(path).createOrReplaceTempView(_quoted(name))
            return
        self._session.sql(f"CREATE DATABASE IF NOT EXISTS {_quoted(parts[0])}")
        self._session.catalog.createTable(".".join(map(_quoted, parts)), path, "parquet")

    def tables(self) -> Iterator[tuple[tuple[str, ...], DataFrame]]:
        """Each table: the parts of its name, and its rows."""
        for name, path in self._folders(self._root):
            inside = self._folders(path)
            if inside and not self._has_rows(path):
                yield from (((name, table), self._frame(there)) for table, there in inside if self._has_rows(there))
            elif self._has_rows(path):
                yield (name,), self._frame(path)

    def _frame(self, path: str) -> DataFrame:
        return self._session.read.parquet(path)

    def _folder_of(self, parts: list[str]) -> str | None:
        """The folder of a table; Spark does not tell upper from lower case in its name."""
        path = self._root
        for part in parts:
            inside = dict(self._folders(path))
            folded = {name.lower(): there for name, there in inside.items()}
            found = inside.get(part) or folded.get(part.lower())
            if found is None:
                return None
            path = found
        return path

    def _folders(self, path: str) -> list[tuple[str, str]]:
        """Folders that may be tables or schemas: not those of parts of a table, such as `day=2026-06-15`."""
        return [
            (name, f"{path.rstrip('/')}/{name}") for name, folder in self._listed(path) if folder and "=" not in name
        ]

    def _has_rows(self, path: str) -> bool:
        """Whether a folder holds files, or parts of a table."""
        return any(not folder or "=" in name for name, folder in self._listed(path))

    def _listed(self, path: str) -> list[tuple[str, bool]]:
        """What is in a folder that is not hidden, by name, and whether it is a folder."""
        jvm: Any = self._session._jvm
        place = jvm.org.apache.hadoop.fs.Path(path)
        files = place.getFileSystem(self._session._jsparkSession.sessionState().newHadoopConf())
        found = ((str(each.getPath().getName()), bool(each.isDirectory())) for each in files.listStatus(place))
        return sorted(each for each in found if not each[0].startswith((".", "_")))


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
