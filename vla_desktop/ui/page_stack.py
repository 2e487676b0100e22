"""The pages on top of each other, built when first asked for, and the tabs over some of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from sync.texts import _
from vla_desktop.ui.navigation import Destination, Leaves, ShowsRecords
from vla_desktop.ui.pages import Page
from vla_desktop.ui.workplace import Workplace


class PageStack(QWidget):
    """Shows one view at a time. `turned` tells the name of the page that is now shown."""

    turned = Signal(str)

    def __init__(self, pages: Sequence[Page], workplace: Workplace) -> None:
        super().__init__()
        self._pages = {page.entry.name: page for page in pages}
        self._page_of = {tab.name: page for page in pages for tab in page.tabs}
        self._last_tab = {page.entry.name: page.tabs[0].name for page in pages}
        self._workplace = workplace
        self._built: dict[str, QWidget] = {}
        self._name = ""
        self._tabs = QTabBar()
        self._tabs.setProperty("role", "pages")
        self._tabs.setAccessibleName(_("Các phần của trang"))
        self._tabs.setExpanding(False)
        self._tabs.setDrawBase(False)
        self._tabs.currentChanged.connect(self._on_tab)
        self._stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        # The tabs' words begin where the page's do.
        strip = QHBoxLayout()
        strip.setContentsMargins(10, 4, 0, 0)
        strip.addWidget(self._tabs)
        layout.addLayout(strip)
        layout.addWidget(self._stack, 1)

    @property
    def current(self) -> QWidget | None:
        """The view that is shown; None before the first."""
        return self._stack.currentWidget()

    def shows(self, name: str) -> bool:
        """Whether a view is in front."""
        return self._name == name

    def show_page(self, name: str) -> None:
        """Turn to a page, to the view of it that was last open."""
        self._show(self._last_tab[name])

    def go(self, destination: Destination) -> None:
        """Turn to a view and have it show what was asked for."""
        page = self._page_of[destination.kind].entry.name
        self._show(destination.kind)
        view: object = self.current
        if isinstance(view, ShowsRecords):
            if destination.query is not None:
                view.show_query(destination.query)
            if destination.id is not None:
                view.open_record(destination.id, destination.field)
        self.turned.emit(page)

    def leave(self) -> None:
        """Tell the view in front that it will no longer be."""
        view: object = self.current
        if isinstance(view, Leaves):
            view.leave()

    def _show(self, tab: str) -> None:
        if tab != self._name:
            self.leave()
            self._name = tab
        page = self._page_of[tab]
        self._last_tab[page.entry.name] = tab
        self._show_tabs(page, tab)
        view = self._view(page, tab)
        self._stack.setCurrentWidget(view)
        if view.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.turned.emit(page.entry.name)

    def _view(self, page: Page, name: str) -> QWidget:
        if name not in self._built:
            tab = next(tab for tab in page.tabs if tab.name == name)
            view = tab.build(self._workplace)
            view.setAccessibleName(_(tab.label or page.entry.label))
            navigated = getattr(view, "navigated", None)
            if navigated is not None:
                navigated.connect(self.go)
            self._built[name] = view
            self._stack.addWidget(view)
        return self._built[name]

    def _show_tabs(self, page: Page, current: str) -> None:
        self._tabs.blockSignals(True)
        names = [tab.name for tab in page.tabs]
        if [self._tabs.tabData(at) for at in range(self._tabs.count())] != names:
            while self._tabs.count():
                self._tabs.removeTab(0)
            for tab in page.tabs:
                self._tabs.setTabData(self._tabs.addTab(_(tab.label)), tab.name)
        self._tabs.setCurrentIndex(names.index(current))
        self._tabs.setVisible(len(names) > 1)
        self._tabs.blockSignals(False)

    def _on_tab(self, index: int) -> None:
        if index >= 0:
            self._show(self._tabs.tabData(index))
