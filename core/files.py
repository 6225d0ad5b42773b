def sweep_orphan_files():
    raise NotImplementedError
