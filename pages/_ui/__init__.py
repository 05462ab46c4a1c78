"""Shared pieces of the pages."""

from pages._ui.fragments import fragment

__all__ = ["fragment"]
