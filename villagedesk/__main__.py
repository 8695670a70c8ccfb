"""Owns the start: ``python -m villagedesk``."""

from __future__ import annotations

from villagedesk.cli.main import main

if __name__ == "__main__":
    main()
