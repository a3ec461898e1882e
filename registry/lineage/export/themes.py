"""The colours of a drawing that stands alone; the values are those of static/css/tokens.css."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme. Each pair is the ink and the ground of a kind of sign or badge."""

    canvas: str
    card: str
    card_border: str
    faded: str
    line: str
    control: str
    edge: str
    text: str
    quiet: str
    accent: str
    on_accent: str
    accent_fill: str
    run: tuple[str, str]
    artifact: tuple[str, str]
    ghost: tuple[str, str]
    plain: tuple[str, str]
    warn: tuple[str, str]
    lock: tuple[str, str]
    danger: str
    palette: tuple[str, ...]


LIGHT: Final = Theme(
    canvas="#fafbfc",
    card="#ffffff",
    card_border="#cfd5dd",
    faded="#f4f5f8",
    line="#d2d7df",
    control="#878f9d",
    edge="#858e9d",
    text="#14171d",
    quiet="#5f6775",
    accent="#6741d9",
    on_accent="#ffffff",
    accent_fill="#6741d9",
    run=("#0a7742", "#e3f5ea"),
    artifact=("#0a5fbd", "#e4f0fd"),
    ghost=("#5f6775", "#eaecf1"),
    plain=("#434a57", "#eaecf1"),
    warn=("#855200", "#fdf3dd"),
    lock=("#6741d9", "#f2eefe"),
    danger="#b4232f",
    palette=("#0a5fbd", "#b4232f", "#0a7742", "#855200", "#6741d9", "#00707d", "#a3318e", "#5f6775"),
)
DARK: Final = Theme(
    canvas="#0f1217",
    card="#181c22",
    card_border="#3a424e",
    faded="#1a1e25",
    line="#39414d",
    control="#6f7888",
    edge="#697383",
    text="#eef0f4",
    quiet="#929baa",
    accent="#a994ff",
    on_accent="#ffffff",
    accent_fill="#7452ec",
    run=("#52cd90", "#13291f"),
    artifact=("#73b5ff", "#11253d"),
    ghost=("#929baa", "#242a33"),
    plain=("#b8bfcb", "#242a33"),
    warn=("#f0b955", "#2d230f"),
    lock=("#a994ff", "#231e3b"),
    danger="#ff858c",
    palette=("#73b5ff", "#ff858c", "#52cd90", "#f0b955", "#a994ff", "#4fc8d6", "#ee8fdb", "#929baa"),
)
THEMES: Final = {"light": LIGHT, "dark": DARK}
