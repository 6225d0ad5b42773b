"""How role plays are assessed. Owns the rubric (versioned data) for now."""
