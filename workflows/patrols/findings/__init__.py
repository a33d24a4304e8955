"""A finding (隐患), from the fault until somebody else has checked that it is gone."""
