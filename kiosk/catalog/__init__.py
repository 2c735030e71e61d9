"""Products, prices and pictures, looked up by code, by picture and by name."""

from kiosk.catalog.catalog import Catalog
from kiosk.catalog.categories import Category
from kiosk.catalog.errors import CatalogError

__all__ = ["Catalog", "CatalogError", "Category"]
