"""楼道议事会: a topic of one building, from who raises it to what its households think of it."""
