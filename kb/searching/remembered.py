"""What was read of the database and stays true as long as a snapshot does."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values by key, the latest read kept; usable from several threads."""

    def __init__(self, most: int) -> None:
        """Keep so many values."""
        self._most = most
        self._values: OrderedDict[int, Value] = OrderedDict()
        self._lock = Lock()

    def get(
        self, keys: Sequence[int], read: Callable[[list[int]], dict[int, Value]]
    ) -> dict[int, Value]:
        """The values of some keys; `read` is asked for those that are missing, all at once."""
        with self._lock:
            known = {key: self._values[key] for key in keys if key in self._values}
        missing = [key for key in keys if key not in known]
        if missing:
            found = read(missing)
            known |= found
            with self._lock:
                self._values |= found
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
        return known
