"""The board's style sheet: sizes come from `layout.measure`, colours from the theme."""

from __future__ import annotations

BOARD_CSS = """
Board { layout: vertical; width: 1fr; height: 1fr; background: $hall-page; color: $hall-text; }
Board > #console-title { text-wrap: nowrap; content-align: left middle; }
Board > #console-body { width: 1fr; height: 1fr; layout: horizontal; }
Board #console-left { width: 1fr; height: 1fr; layout: vertical; }
Board #console-side {
    width: 40; height: 1fr; padding: 1 2; background: $hall-panel; text-wrap: nowrap; text-overflow: ellipsis;
}
Board #console-desk { width: 1fr; height: 5; layout: horizontal; align: left middle; }
Board #number {
    width: 46%; height: 1fr; padding: 0 1; content-align-vertical: middle; text-align: center;
    color: $hall-number;
}
Board.-tall #number { width: 62%; }
Board.-idle #number { color: $hall-hint; }
Board #facts {
    width: 1fr; height: 1fr; padding: 0 1; content-align: left middle;
    text-wrap: nowrap; text-overflow: ellipsis;
}
Board #info { width: 1fr; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
Board #message { width: 1fr; height: 2; padding: 0 1; }
Board #message.-fault { color: $hall-fault; text-style: bold; }
Board #message.-ask { background: $hall-warn; color: $hall-warn-text; text-style: bold; }
Board #message.-quiet { color: $hall-hint; }
Board #ops { width: 1fr; layout: grid; grid-gutter: 0 1; padding: 0; }
Board #pick { width: 1fr; height: 1fr; padding: 0 1; background: $hall-panel; display: none; }
Board.-picking #pick { display: block; }
Board.-picking #info, Board.-picking #message, Board.-picking #primary,
Board.-picking #ops { display: none; }
Board OpButton {
    width: 1fr; height: 1fr; content-align: center middle; text-align: center;
    background: $hall-panel; color: $hall-text; text-style: bold;
}
Board OpButton:disabled {
    background: $hall-page; color: $hall-button-off-text; text-style: none; text-opacity: 1; opacity: 1;
}
Board PrimaryButton { background: $hall-button; color: $hall-button-text; }
Board PrimaryButton:disabled { background: $hall-button-off; color: $hall-button-off-text; }
"""
