// Part of dsh.
