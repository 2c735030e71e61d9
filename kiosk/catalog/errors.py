"""What can be wrong with a catalog."""


class CatalogError(Exception):
    """The catalog cannot be read. The message says which file, what is wrong and what to do.

    Example scenarios: nothing was imported yet; a file of another program; a newer program's file.
    """
