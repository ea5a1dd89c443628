// What a file format is to everything outside of its folder: a name, and how it is read and written, if it is.

/// A file format.
///
/// A new one is a folder beside the others and a line in `FormatRegistry.all`. What can't be done with its files yet is nil.
public protocol FileFormat: Sendable {
  /// What `--format` calls it.
  var name: String { get }
  /// File name extensions without the dot, lower case.
  var extensions: [String] { get }
  /// One sentence for help and reference.
  var summary: String { get }
  var reading: (any FormatReading)? { get }
  var writing: (any FormatWriting)? { get }
  /// How it passes through pipes.
  var streaming: (any FormatStreaming)? { get }
}

extension FileFormat {
  public var reading: (any FormatReading)? { nil }
  public var writing: (any FormatWriting)? { nil }
  public var streaming: (any FormatStreaming)? { nil }

  public var canRead: Bool { reading != nil }
  public var canWrite: Bool { writing != nil }
}
