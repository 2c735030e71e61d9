"""Steps of the schema, one after the other; a step that was released is never changed."""
