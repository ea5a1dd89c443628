// The version of dsh, one for all that is built of it.

/// The program and its version, as `dsh --version` prints them.
public let programVersion: StaticString = "dsh 0.1.0"
