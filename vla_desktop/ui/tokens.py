"""The visual language in figures: colours by their role, sizes, spaces.

Colours are "#RRGGBB". Sizes are logical pixels at 100 %. Every text role keeps WCAG AA (4.5 : 1)
on each ground it may stand on; edges of what can be typed into or pressed keep 3 : 1.
"""

from __future__ import annotations

import dataclasses
import enum


class Mode(enum.Enum):
    """Light or dark."""

    LIGHT = "light"
    DARK = "dark"


@dataclasses.dataclass(frozen=True)
class Colours:
    """What each colour is for. `…_soft` is the ground on which its namesake is written."""

    window: str
    surface: str
    raised: str
    sunken: str
    hover: str
    border: str
    edge: str
    text: str
    muted: str
    disabled: str
    primary: str
    primary_hover: str
    primary_pressed: str
    on_primary: str
    primary_soft: str
    primary_text: str
    accent: str
    accent_soft: str
    success: str
    success_soft: str
    warning: str
    warning_soft: str
    danger: str
    danger_soft: str
    danger_fill: str
    on_danger: str
    info: str
    info_soft: str
    focus: str
    sidebar: str
    sidebar_hover: str
    sidebar_selected: str
    sidebar_text: str
    sidebar_muted: str
    tooltip: str
    on_tooltip: str


LIGHT = Colours(
    window="#F4F6F5",
    surface="#FFFFFF",
    raised="#FFFFFF",
    sunken="#EEF2F0",
    hover="#F0F5F3",
    border="#DCE3E0",
    edge="#828F8A",
    text="#16211E",
    muted="#51605B",
    disabled="#8D9994",
    primary="#0F766E",
    primary_hover="#0B625B",
    primary_pressed="#094E49",
    on_primary="#FFFFFF",
    primary_soft="#DDF1ED",
    primary_text="#0B635C",
    accent="#A8480E",
    accent_soft="#FCEEE2",
    success="#17693A",
    success_soft="#E2F3E7",
    warning="#814D00",
    warning_soft="#FFF2D4",
    danger="#B02318",
    danger_soft="#FDEBE9",
    danger_fill="#B42318",
    on_danger="#FFFFFF",
    info="#1C5799",
    info_soft="#E5EFFA",
    focus="#0F766E",
    sidebar="#0E3D39",
    sidebar_hover="#164B46",
    sidebar_selected="#1D5C55",
    sidebar_text="#E4F1EE",
    sidebar_muted="#B4D2CC",
    tooltip="#1C2926",
    on_tooltip="#F3F7F5",
)

DARK = Colours(
    window="#111716",
    surface="#19211F",
    raised="#212B28",
    sunken="#141B19",
    hover="#202A27",
    border="#2E3A36",
    edge="#71827C",
    text="#E8EEEB",
    muted="#A5B3AE",
    disabled="#6F7D78",
    primary="#2FB5A8",
    primary_hover="#47C6BA",
    primary_pressed="#259A8F",
    on_primary="#03211E",
    primary_soft="#15403B",
    primary_text="#6AD6CA",
    accent="#F2AE74",
    accent_soft="#3B2818",
    success="#78D49C",
    success_soft="#173322",
    warning="#F0C35A",
    warning_soft="#382C10",
    danger="#F79A91",
    danger_soft="#40211E",
    danger_fill="#F28B81",
    on_danger="#2E0804",
    info="#8CC0F5",
    info_soft="#1A3046",
    focus="#6AD6CA",
    sidebar="#0B1412",
    sidebar_hover="#14211E",
    sidebar_selected="#173430",
    sidebar_text="#DCE8E5",
    sidebar_muted="#93A8A2",
    tooltip="#E8EEEB",
    on_tooltip="#16211E",
)


@dataclasses.dataclass(frozen=True)
class Tokens:
    """The figures in force. `text_scale` enlarges letters and what holds them, 1.0 to 2.0."""

    mode: Mode = Mode.LIGHT
    text_scale: float = 1.0

    RADIUS = 8
    SPACE_XS = 4
    SPACE_S = 8
    SPACE_M = 12
    SPACE_L = 16
    SPACE_XL = 24
    SPACE_XXL = 32

    @property
    def colours(self) -> Colours:
        """The colours of the mode."""
        return DARK if self.mode is Mode.DARK else LIGHT

    def colour(self, role: str) -> str:
        """The colour of a role by its name; raises AttributeError for a role nobody declared."""
        return str(getattr(self.colours, role))

    def px(self, size: float) -> int:
        """A size that grows with the letters."""
        return round(size * self.text_scale)

    @property
    def sizes(self) -> dict[str, int]:
        """The type scale, in pixels."""
        scale = {"caption": 12, "small": 13, "body": 14, "heading": 16, "title": 20, "display": 28}
        return {name: self.px(size) for name, size in scale.items()}
