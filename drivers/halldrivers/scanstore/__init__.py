"""Scanned material: from the page under the camera to one sealed file that only the county can open.

::

    <folder>/            0700, one process at a time (flock on <folder>/lock)
      open/<session>/    while a material is being scanned
        session.json     what it is: ids and times; never a name, never an ID number
        key              the session's AES-256 key, 0600
        0001.page        a page (and its original, if kept), AES-256-GCM under that key
      sealed/<sha256>.p7m  a finished material: one PDF in CMS for the county's certificate
      aside/             what could not be understood; never deleted but by a person

Rules, in the order in which they were chosen:

* **A page is durable when** :meth:`~.session.ScanSession.add_page` **returns**: temporary file in the same
  folder, fsync, rename, fsync of the folder. There is no other way in which anything is written.
* **No half file, no nameless file.** The sealed file is written under a temporary name, then ``session.json``
  says "sealed as <sha256>", and only then the file gets that name. (The other way round, a cut between the
  two leaves a file that nobody knows: sealing is randomised, so doing it again gives another name.)
* **The pages go before the ledger is asked.** Once the sealed file is durable and read back, the session's
  key is blanked and deleted; a keeper that is away for days keeps no readable page on the card.
* **A folder that is done is first renamed** to ``.gone-<session>`` and then emptied: a cut in between leaves
  something that recovery may delete without understanding it.
* **Nothing that the county has not acknowledged is deleted**, not for room and not for age.

What this protects, honestly: whoever takes the whole card *while* a material is being scanned has the
session's key beside the pages and can read them. Afterwards the key is overwritten in its place and
deleted, and what is left can be opened by the county alone. An SD card may keep the old block out of sight of
the operating system (wear levelling), so a laboratory may still find a key; that is why the key is 32 bytes
in one place and everything else is useless without it. The sealed file hides its content but does not prove
who made it (CMS EnvelopedData, RFC 5652 section 6, carries no signature): its SHA-256 in the hall's log does.
"""
