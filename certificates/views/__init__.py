"""Pages of certificates: the desk of a batch, the register, the participant's own, and the public one."""
