"""What the law and the trade ask of a shop, as dated tables with their sources: data, not code.

`norway/` holds Norway's. Another country is another folder with the same tables.
"""
