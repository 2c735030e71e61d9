"""What `deploy/install` does, in parts: `installer` has the order, each other module one concern.

Only the standard library: this runs before anything of ours is installed.
"""
