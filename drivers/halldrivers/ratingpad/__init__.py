"""评价器: the four-button rating pad with a lamp at every button.

::

    GPIO key 1..n --[button]-- GND      pull-up on, pressed = low
    GPIO lamp 1..n --[driver]-- lamp    lit = high

Edges come from gpiozero's thread; :mod:`.debounce` turns them into presses, :mod:`.lamps` says what
the lamps show, :mod:`.pad` ties both to pins, and :mod:`.sim` works the same pins from the other side.
Nothing here knows what a key means: the driver reports "1".."4", the rating desk maps them to levels.

gpiozero is imported by :mod:`.pins` alone, and only when a pad or a simulator is made, so that this
package imports on machines without GPIO.
"""
