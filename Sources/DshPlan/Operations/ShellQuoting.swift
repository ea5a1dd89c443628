// Words for the system's shell.

/// A text as one word for `/bin/sh`, whatever is in it (POSIX, "Single-Quotes").
public func shellQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
