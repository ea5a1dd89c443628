// Environment variables, the terminal, and who we are.
import CDshSystem
import Glibc

/// The value of an environment variable; nil if it isn't set.
public func environmentVariable(_ name: String) -> String? { unsafe getenv(name).map { unsafe String(cString: $0) } }

/// The folder of the person's own files; nil if the environment doesn't name it.
public func homeFolder() -> String? { environmentVariable("HOME").flatMap { $0.isEmpty ? nil : $0 } }

/// Whether a descriptor (0 input, 1 output, 2 error output) is a terminal.
public func isTerminal(_ number: Int32) -> Bool { isatty(number) == 1 }

/// Columns and rows of the terminal behind a descriptor; nil if it is none or doesn't say.
public func terminalSize(_ number: Int32) -> (columns: Int, rows: Int)? {
  var columns: Int32 = 0
  var rows: Int32 = 0
  guard dsh_terminal_size(number, &columns, &rows) == 0, columns > 0, rows > 0 else { return nil }
  return (Int(columns), Int(rows))
}

/// All variables as `NAME=value`.
public func environmentEntries() -> [String] {
  var entries: [String] = []
  // The list ends with nil, and nobody in this program changes it.
  var next = unsafe dsh_environment()
  while let pointer = unsafe next, let text = unsafe pointer.pointee {
    entries.append(unsafe String(cString: text))
    unsafe next = pointer + 1
  }
  return entries
}
