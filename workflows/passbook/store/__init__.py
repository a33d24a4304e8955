"""What the room keeps: passbooks, services and gifts; what lies in them is the ledger's."""
