"""Whatever tells who somebody is, taken out of what people wrote."""
