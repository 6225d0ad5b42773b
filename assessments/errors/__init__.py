"""Why a use case of assessments is refused, and how to clear it; one module per noun."""
