"""The reader for ID cards: 居民身份证, 港澳台居民居住证, 外国人永久居留身份证.

::

    wire --[samframe | stxframe]-- dialect --[exchange]-- reader --[sequence, visit]-- on_card, on_trouble

The frame codecs do no I/O; :mod:`.dialect` makes both families speak alike, :mod:`.sequence` is the table of
steps from an empty field to a record, :mod:`.visit` decides what the person is told. :mod:`.cardtext` is the
only place that sees a card's bytes, and photo and fingerprints end there. :mod:`.sim` and :mod:`.simstx` are
readers and cards from the far end, which share no code with the rest.
"""
