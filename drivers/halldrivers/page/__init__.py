"""From a picture of a page to the page: found, straightened, judged.

::

    original JPEG  ->  :class:`~.work.PageWork`  ==pipe==>  python -P -m halldrivers.page
                                                               :mod:`.picture`     decode, bounded
                                                               :mod:`.find`        where the page is (OpenCV)
                                                               :mod:`.straighten`  its lines level
                                                               :mod:`.judge`       is it good enough
                       :class:`~.result.Page`  <==pipe==       derived JPEG, report

The work is done in a process that lives for one page: decoding and turning 8 megapixels takes more memory
than all screens of a hall together, and a hostile or broken picture must harm nobody. The original is never
touched and never lost: whatever happens there, the caller still holds it.

OpenCV is optional (the extra ``pages``). Without it a page is straightened by its text lines and judged, but
not cut out of the frame, and its report says so.
"""
