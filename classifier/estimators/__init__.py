"""What learns: the kernel, its calibration, and when it abstains."""
