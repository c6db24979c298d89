"""How results come from Spark: in parts, so that a large one needs no more memory than a small one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, Any, TypeVar

from campaign_dsl.run.engines.spark_errors import explained

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

T = TypeVar("T")


class Parts:
    """A result as Arrow, one partition at a time: no more than two of them are in memory.

    Spark makes batches of Arrow on its workers, and they come here as they are; Python is not needed there. So that all
    workers work at once although one part is taken after the other, a result of several parts lies on their disks
    first.
    """

    def __init__(self, session: SparkSession, frame: DataFrame) -> None:
        from pyspark import StorageLevel

        self._session = session
        self._made = frame._jdf.toArrowBatchRdd().toJavaRDD()
        self._kept = self._made.getNumPartitions() > 1
        if self._kept:
            self._made.persist(session.sparkContext._getJavaStorageLevel(StorageLevel.DISK_ONLY))
            self._made.count()

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """The rows."""
        import pyarrow as pa
        from pyspark.core.rdd import RDD
        from pyspark.serializers import NoOpSerializer

        made: RDD[bytes] = RDD(self._made, self._session.sparkContext, NoOpSerializer())
        try:
            with explained():
                for batch in made.toLocalIterator(prefetchPartitions=True):
                    yield pa.ipc.read_record_batch(pa.py_buffer(batch), schema)
        except KeyboardInterrupt:
            self._session.sparkContext.cancelAllJobs()
            raise
        finally:
            if self._kept:
                self._made.unpersist(False)


def apart(session: SparkSession, work: Callable[[], T]) -> T:
    """What ``work`` gives, done in a thread of its own: Ctrl-C in the middle of a call would leave the line to Java
    with half an answer in it. Here it stops the jobs, and then the work ends by itself."""
    from pyspark import InheritableThread

    done: Future[T] = Future()

    def run() -> None:
        try:
            sessions: Any = type(session)._get_j_spark_session_class(session._jvm)
            sessions.setActiveSession(session._jsparkSession)  # of this thread, where there may be one that has ended
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    InheritableThread(target=run, daemon=True, session=session).start()
    try:
        return done.result()
    except KeyboardInterrupt:
        session.sparkContext.cancelAllJobs()
        wait([done])
        raise
