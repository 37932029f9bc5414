"""叫号器: the clerk's keypad at a window, as a USB numeric keypad or as callers on an RS-485 line.

:mod:`.keys` names the keys for the whole hall; what a key does is decided elsewhere. :mod:`.callers` opens a
caller from its URL. A keypad that types is in :mod:`.keypad`; callers that speak ``FF 68`` frames are in
:mod:`.frames` (codec), :mod:`.dialect` (what the frames mean), :mod:`.unit` (one caller), :mod:`.line` (all
callers of one line) and :mod:`.sim` (their far end). :mod:`.keypadsim` is the simulated keypad.
"""
