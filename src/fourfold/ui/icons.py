"""The icons Fourfold uses, by their Tabler name. ``tools/icons.py`` puts exactly these into the sprite."""

from __future__ import annotations

ICONS = (
    "adjustments-horizontal", "alert-triangle", "archive", "arrow-back-up", "arrow-down", "arrow-left", "arrow-right",
    "arrow-up", "arrows-left-right", "arrows-sort", "at", "ban", "bell", "bolt", "book", "bookmark", "brand-linkedin",
    "briefcase", "broadcast", "building", "building-community", "bulb", "calendar", "calendar-event", "cash",
    "chart-arrows-vertical", "chart-bar", "chart-dots", "chart-line", "check", "checklist", "chevron-down",
    "chevron-left", "chevron-right", "chevron-up", "circle-check", "circle-dashed", "circle-x", "clipboard-list",
    "clock", "coin", "copy", "currency-pound", "database", "device-desktop", "dots", "dots-vertical", "download",
    "edit", "external-link", "eye", "eye-off", "file", "file-description", "file-import", "file-spreadsheet",
    "file-text", "filter", "fingerprint", "flag", "flask", "folder", "grid-dots", "hand-stop", "heart-handshake",
    "help-circle", "history", "home", "hourglass", "id-badge-2", "inbox", "info-circle", "key", "keyboard",
    "layout-kanban",
    "link", "list", "list-check", "loader-2", "lock", "login", "logout", "mail", "mail-forward", "map-pin",
    "mark", "menu-2", "message", "message-circle", "minus", "moon", "mood-smile", "note", "notes", "palette",
    "pencil", "phone", "phone-call", "photo", "player-pause", "plug", "plus", "point", "presentation", "printer",
    "question-mark", "receipt", "refresh", "replace", "report-analytics", "route", "rss", "scale", "school", "search",
    "send", "settings", "share", "shield-check", "shield-lock", "sitemap", "sparkles", "speakerphone", "sun",
    "table", "tag", "target", "target-arrow", "template", "thumb-up", "ticket", "timeline", "trash", "trending-down",
    "trending-up", "trophy", "upload", "user", "user-check", "user-circle", "user-minus", "user-plus", "user-search",
    "users", "users-group", "wallet", "world", "x", "zoom-question",
)  # fmt: skip
