"""The hands at the simulated printer: paper, cover, jam, cable, power.

Every method may be called from any thread; each one is what a person or a mishap does, and the simulator's
status, paper and answers follow from it.
"""

from halldrivers.printersim.machine import Machine


class Controls(Machine):
    """Faults by method, on top of the working printer."""

    def open_cover(self) -> None:
        """Open the cover: printing stops at the line."""
        with self.lock:
            self.body.cover_open = True
            self._hand_was_there()

    def close_cover(self) -> None:
        """Close the cover: printing goes on."""
        with self.lock:
            self.body.cover_open = False
            self._hand_was_there()

    def remove_paper(self) -> None:
        """The roll is used up, or taken out."""
        with self.lock:
            self.body.paper_out = True
            self._hand_was_there()

    def leave_paper(self, dots: int) -> None:
        """Let the roll end after so many dots more."""
        with self.lock:
            self.body.paper_left_dots = dots

    def near_paper_end(self) -> None:
        """The near-end sensor sees the thin roll."""
        with self.lock:
            self.body.near_end = True
            self._hand_was_there()

    def load_paper(self) -> None:
        """Load a new roll: what hung in the printer is torn off, and the rest of the job prints."""
        with self.lock:
            if self.body.paper_out:
                self._web.tear()
            self.body.paper_out = self.body.near_end = False
            self.body.paper_left_dots = None
            self._hand_was_there()

    def jam_cutter(self) -> None:
        """The cutter is jammed from now on."""
        with self.lock:
            self.body.cutter_error = True
            self._hand_was_there()

    def jam_at_next_cut(self) -> None:
        """The cutter jams when it is used next."""
        with self.lock:
            self.body.jams_at_next_cut = True

    def clear_jam(self) -> None:
        """Free the cutter; the pending cut is done again."""
        with self.lock:
            self.body.cutter_error = self.body.jams_at_next_cut = False
            self._hand_was_there()

    def overheat(self) -> None:
        """The head is too hot: printing pauses."""
        with self.lock:
            self.body.head_hot = True
            self._hand_was_there()

    def cool_down(self) -> None:
        """The head is cool again."""
        with self.lock:
            self.body.head_hot = False
            self._hand_was_there()

    def break_down(self) -> None:
        """An unrecoverable error, until a power cycle."""
        with self.lock:
            self.body.fatal = True
            self._hand_was_there()

    def go_silent(self) -> None:
        """Answer nothing from now on; printing goes on (a broken return line)."""
        with self.lock:
            self._silent = True
            self._answers.clear()

    def speak(self) -> None:
        """Answer again."""
        with self.lock:
            self._silent = False

    def answer_after(self, delay_s: float) -> None:
        """Let every later answer wait so long."""
        with self.lock:
            self._delay_s = delay_s

    def unplug_after(self, byte_count: int) -> None:
        """Pull the data cable once so many bytes more have arrived; 0 pulls it now."""
        with self.lock:
            self._unplug_left = byte_count
            if byte_count == 0:
                self._pull_cable()

    def plug(self) -> None:
        """Put the data cable back."""
        with self.lock:
            self._unplug_left = None
            self._connected = True
            self._wake()

    def power_cycle(self) -> None:
        """Switch off and on: buffers, settings and automatic status are gone, hanging paper still hangs."""
        with self.lock:
            self.body.fatal = self.body.head_hot = False
            self._forget_everything()
            self._link_number += 1
            self._hand_was_there()
