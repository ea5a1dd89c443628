// What a backend answers instead of more bytes than may come to the shell.

/// Thrown by a backend instead of bringing rows to the shell that take more bytes than they may; nothing has moved.
public struct ByteLimitExceeded: Error {
  /// The bytes of all rows.
  public var bytes: Int
  public var rows: Int
  public var limitBytes: Int

  public init(bytes: Int, rows: Int, limitBytes: Int) {
    self.bytes = bytes
    self.rows = rows
    self.limitBytes = limitBytes
  }
}
