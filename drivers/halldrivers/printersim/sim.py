"""The simulated ESC/POS printer: give it bytes, look at its paper, and do to it what people and time do."""

from collections.abc import Callable

from halldrivers.printersim.controls import Controls
from halldrivers.printersim.paper import Slip


class PrinterSim(Controls):
    """One printer, safe for several threads.

    `width_mm` is 58 or 80; `abilities` the make; `clock` a monotonic clock; `seed` drives the line noise;
    `dots_per_s` the speed (None prints in no time; real units make 500 to 2000); `encoding` what its Chinese
    font holds, `gbk` or `gb18030`; `buffer_bytes` the receive buffer; `noise` the share of answers that a
    stray byte precedes.
    """

    @property
    def slips(self) -> tuple[Slip, ...]:
        """The slips that were cut, in order."""
        with self.lock:
            self._catch_up()
            return tuple(self._slips)

    @property
    def hanging(self) -> Slip:
        """The paper that is printed and not cut."""
        with self.lock:
            self._catch_up()
            return self._web.hanging()

    @property
    def garbage(self) -> tuple[bytes, ...]:
        """Bytes that were no command and no text, the latest thousand."""
        with self.lock:
            self._catch_up()
            return tuple(self._garbage)

    @property
    def lost_bytes(self) -> int:
        """How many bytes came though the buffer was full and a pause had been asked for."""
        with self.lock:
            return self._lost_bytes

    @property
    def is_inside_picture(self) -> bool:
        """True while it waits for the rest of a raster block, and swallows whatever comes."""
        with self.lock:
            self._catch_up()
            return self._parser.is_inside_picture

    @property
    def is_busy(self) -> bool:
        """True while anything is left to print, be it for lack of time or of paper."""
        with self.lock:
            self._catch_up()
            return bool(self._to_print) or self._cut_pending or self._parser.waiting_bytes > 0

    @property
    def is_connected(self) -> bool:
        """False while the data cable is pulled."""
        with self.lock:
            return self._connected

    @property
    def link_number(self) -> int:
        """Grows whenever a connection would break: cable pulled, power cycled."""
        with self.lock:
            return self._link_number

    def on_slip(self, callback: Callable[[Slip], None]) -> None:
        """Call back with each slip as it is cut, from the thread that noticed; it must not block."""
        with self.lock:
            self._on_slip.append(callback)

    def on_wake(self, callback: Callable[[], None]) -> None:
        """Call back when answers or the cable changed, so that a server need not poll."""
        with self.lock:
            self._on_wake.append(callback)
