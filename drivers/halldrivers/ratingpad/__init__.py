"""评价器: the four-button rating pad with a lamp at every button, whatever it is wired to.

::

    GPIO key 1..n --[button]-- GND      pull-up on, pressed = low       :mod:`.pad` on :mod:`.pins`
    GPIO lamp 1..n --[driver]-- lamp    lit = high
    RS-485 line: inputs and coils of a Modbus unit                      :mod:`.modbuspad` on a shared line
    serial or TCP: byte frames by a table, text lines by a pattern      :mod:`.streampad` with an ear
    HID: a box that types                                               :mod:`.streampad` with an ear

Pure code says what is a press (:mod:`.debounce` for edges, :mod:`.samples` for polls, :mod:`.table` and
:mod:`.textline` for bytes), what the lamps show (:mod:`.lamps`) and which presses answer (:mod:`.asking`).
Nothing here knows what a key means: a pad reports "1".."4", the rating desk maps them to levels.

gpiozero is imported by :mod:`.pins` alone, and only when a pad or a simulator is made, so that this package
imports on machines without GPIO.
"""
