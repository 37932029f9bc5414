"""The hall screen's style sheet: sizes come from `layout.measure_screen`, colours from the theme."""

from __future__ import annotations

SCREEN_CSS = """
HallScreen { layout: vertical; width: 1fr; height: 1fr; background: $hall-page; color: $hall-text; }
HallScreen #screen-head {
    width: 1fr; height: 1; background: $hall-title-bar; color: $hall-title; padding: 0 1;
}
HallScreen #hall-name { width: 1fr; height: 1fr; text-style: bold; }
HallScreen #hall-time { width: auto; height: 1fr; min-width: 22; text-align: right; }
HallScreen.-big #hall-time { min-width: 34; }
HallScreen #now { width: 1fr; height: 7; background: $hall-panel; color: $hall-text; }
HallScreen #now-label { width: 1fr; height: 1; padding: 0 1; text-align: center; text-style: bold; }
HallScreen #now-call { width: 1fr; height: 1fr; }
HallScreen #now-number { width: 45%; height: 1fr; padding: 0 1; text-align: right; color: $hall-number; }
HallScreen #now-window { width: 55%; height: 1fr; padding: 0 1 0 2; }
HallScreen.-big #now-number, HallScreen.-big #now-window { padding: 0 3; }
HallScreen.-lit #now, HallScreen.-lit #now-number { background: $hall-number; color: $hall-page; }
HallScreen #lists { width: 1fr; height: 1fr; padding: 0 1; }
HallScreen #calls { width: 3fr; height: 1fr; padding: 0 1 0 0; }
HallScreen #groups { width: 2fr; height: 1fr; padding: 0 0 0 1; }
HallScreen.-big #calls { width: 11fr; padding: 1 3 1 0; }
HallScreen.-big #groups { width: 9fr; padding: 1 0 1 3; }
HallScreen #windows { width: 1fr; height: 1; padding: 0 1; color: $hall-hint; }
HallScreen #screen-notice {
    width: 1fr; height: 1; padding: 0 1; background: $hall-title-bar; color: $hall-title;
}
HallScreen.-warning #screen-notice { background: $hall-warn; color: $hall-warn-text; text-style: bold; }
HallScreen.-warning #now-number { color: $hall-hint; }
"""
