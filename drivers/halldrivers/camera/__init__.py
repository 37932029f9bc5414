"""高拍仪: the document camera, from its picture as delivered to the hand that asked for it.

::

    v4l2:///dev/v4l/by-id/…-video-index0   a UVC camera, MJPG only      :mod:`.v4l2source`
    dir:///srv/camera                      a folder of JPEGs            :mod:`.foldersource`
              |
        Frame (bytes as delivered)  ->  :class:`~.camera.Camera`  ->  Shot with its SHA-256, or small previews

The bytes of a shot are never changed: they are the original that a page is derived from, and what they hash
to is what the county can check. What is made of them (found, straightened, judged) is in
:mod:`halldrivers.page`, which works in a process of its own.

linuxpy is imported by :mod:`.v4l2source` alone, and only when a camera is opened.
"""
