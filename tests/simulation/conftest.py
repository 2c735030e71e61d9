from tests.engine.conftest import catalog_path, folder

__all__ = ["catalog_path", "folder"]
