"""The deck's style sheet. Sizes and roles only: colours come from the theme."""

DECK_CSS = """
#tabs { height: 1; width: 100%; background: $hall-title-bar; color: $hall-title; }
#tabs Tab { width: auto; height: 1; }
#tabs #tab-space { width: 1fr; height: 1; }
#tabs Tab.-chosen { background: $hall-button-active; color: $hall-button-active-text; text-style: bold; }
#tabs Tab.-next { background: $hall-warn; color: $hall-warn-text; text-style: bold; }
#body { width: 100%; height: 1fr; overflow: hidden; }
#guide { width: 100%; height: 2; padding: 0 1; text-style: none; }
#too-small { width: 100%; height: 100%; content-align: center middle; text-align: center; display: none; }
.frame { position: absolute; overflow: hidden; background: $hall-page; }
.frame-head {
    height: 1; width: 100%; background: $hall-panel; color: $hall-hint;
}
.frame.-chosen > .frame-head {
    background: $hall-button-active; color: $hall-button-active-text; text-style: bold;
}
.deck-button {
    background: $hall-button; color: $hall-button-text; text-style: bold;
    height: 1; width: 1fr; content-align: center middle; text-align: center;
}
.deck-button.-on { background: $hall-warn; color: $hall-warn-text; }
.deck-button.-active { background: $hall-button-active; color: $hall-button-active-text; }

PaperPanel { layout: vertical; width: 100%; height: 1fr; padding: 0; }
PaperPanel #paper-hands { height: auto; width: 100%; padding: 0 1; }
PaperPanel #paper-state { height: 1; width: 100%; }
PaperPanel #paper-buttons { layout: grid; grid-size: 4; grid-gutter: 0 1; height: 1; width: 100%; }
PaperPanel.-high #paper-buttons { height: 3; }
PaperPanel.-high .deck-button { height: 3; }
PaperPanel #paper-file { height: 1; width: 100%; }
PaperPanel #paper-view {
    width: 100%; height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; align-horizontal: center;
}
PaperPanel #paper-slips { width: auto; height: auto; }
PaperPanel.-wide { layout: horizontal; }
PaperPanel.-wide #paper-hands { dock: right; width: 27; height: 1fr; padding: 0 1; }
PaperPanel.-wide #paper-state { height: 3; }
PaperPanel.-wide #paper-buttons { grid-size: 1; grid-gutter: 1 0; height: 15; }
PaperPanel.-wide #paper-buttons .deck-button { height: 3; }
PaperPanel.-wide #paper-file { height: 1fr; }

PadsPanel { layout: vertical; width: 100%; height: 1fr; padding: 0 1; }
PadsPanel .pad { height: 1fr; width: 100%; layout: vertical; }
PadsPanel .pad-head { height: 1; width: 100%; }
PadsPanel .pad-keys { height: 1fr; width: 100%; }
PadsPanel .pad-key { height: 100%; margin-right: 1; background: $hall-button-off; color: $hall-text; }
PadsPanel .pad-key.-on { background: $hall-warn; color: $hall-warn-text; }
PadsPanel.-airy .pad-keys { padding-bottom: 1; }

LogPanel { layout: vertical; width: 100%; height: 1fr; padding: 0 1; }
LogPanel #log-view { width: 100%; height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
LogPanel #log-rows { width: 100%; height: auto; }
LogPanel #log-state { height: 1; width: 100%; }

DevicesPanel { width: 100%; height: 1fr; overflow: hidden; }
DevicesPanel .device { position: absolute; overflow: hidden; }
DevicesPanel .device-head { height: 1; width: 100%; background: $hall-panel; text-wrap: nowrap; }
DevicesPanel .device-keys { height: 1; width: 100%; }
DevicesPanel .device-keys .deck-button { margin-right: 1; text-wrap: nowrap; }
DevicesPanel .device-words { width: 100%; padding: 0 1; text-wrap: nowrap; }
DevicesPanel #devices-foot { position: absolute; height: 1; width: 100%; }
DevicesPanel #devices-page { height: 1; width: 1fr; padding: 0 1; text-wrap: nowrap; }
DevicesPanel #devices-none { width: 100%; height: 100%; content-align: center middle; text-align: center; }
"""
