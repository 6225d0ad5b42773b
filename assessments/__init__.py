"""The class: attendance, role plays, what senior assessors record, and what is decided and appealed.

Owns the rubric (versioned data), Rotation, Record, Assessment, Decision, Appeal and what hangs on them.
"""
