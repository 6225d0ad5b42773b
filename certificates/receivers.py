"""What certificates do when something was announced."""
