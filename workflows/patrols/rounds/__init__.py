"""One round of a plan (巡查), until it is done, missed or excused."""
