"""Calendar arithmetic. Knows no statute and no child."""
