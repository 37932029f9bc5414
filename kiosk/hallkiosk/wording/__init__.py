"""All words that people read on the screens: keyed templates, Chinese first with English beside it.

One module a screen holds its `TEXTS`; a hall replaces any of them in `[wording]` of its configuration:
`"terminal.choose-group" = "…"` for the Chinese, `"terminal.choose-group.en" = "…"` for the English. Widgets
hold no literal words. Chinese has no space where a line may break (facts: screens-and-voice A7).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Text:
    """One thing to say, in both languages."""

    zh: str
    en: str = ""

    def filled(self, **values: str | int) -> "Text":
        """The template with its placeholders filled; raises KeyError when one has no value."""
        return Text(self.zh.format(**values), self.en.format(**values))


class Words:
    """The texts of a screen, with a hall's own words in place of the built-in ones."""

    def __init__(self, texts: Mapping[str, Text], replaced: Mapping[str, str] = _NOTHING) -> None:
        self._texts = {
            key: Text(replaced.get(key, text.zh), replaced.get(f"{key}.en", text.en))
            for key, text in texts.items()
        }

    def text(self, key: str, **values: str | int) -> Text:
        """Both languages of a text, filled. Raises KeyError for an unknown key or a missing value."""
        return self._texts[key].filled(**values)

    def zh(self, key: str, **values: str | int) -> str:
        """The Chinese of a text, filled."""
        return self.text(key, **values).zh

    def en(self, key: str, **values: str | int) -> str:
        """The English of a text, filled."""
        return self.text(key, **values).en
