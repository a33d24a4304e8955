"""What knows one database from another: the fast way, conflicts, arrays, copies."""
