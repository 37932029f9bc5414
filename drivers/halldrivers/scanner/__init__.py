"""高速扫描仪: a sheet-fed or flatbed scanner, through SANE, without a driver (eSCL), or by a watched folder.

::

    scanner ── SaneScanner ── scanimage ── sane backend, or sane-airscan ── eSCL over HTTP
            └─ FolderScanner ── a folder that a machine scans into

:mod:`.address` reads the URL, :mod:`.scanner` makes the device, :mod:`.outcome` says what a scan came to,
:mod:`.checks` looks what is wrong, and :mod:`.esclsim` is a network scanner from the far end. ``scanimage``
is a program, not a library: a backend that crashes or hangs takes a child with it, not the terminal.
"""
