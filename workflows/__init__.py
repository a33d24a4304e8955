"""The domain of haitang: what a petition is, who may do what with it, and when.

Nothing in here knows Telegram. `core` is the engine of any workflow, `model` holds the values,
`ticket`, `intake`, `routing` and `sla` decide, `store` keeps, and `desk` joins them.
"""
