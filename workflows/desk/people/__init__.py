"""Who is who: the roster, members, invitations, absence, skills."""
